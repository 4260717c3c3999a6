namespace Kea.Types.Inference;

/// <summary>The words of this phase for types that do not agree (13.4).</summary>
internal sealed partial class BodyChecker
{
    private static string Show(Type type) => TypePrinter.Text(type);

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"`{n}`"));

    private void Error(string code, TextSpan span, string message, string label = "", string? help = null, params ReadOnlySpan<Label> others) =>
        _bag.Error(code, At(span), message, label, help, others);

    private void ReportHere(string code, TextSpan span, string message, string label, in Why why, string? help = null)
    {
        Label?[] others = [why.FirstBranch, why.Label];
        _bag.Error(code, At(span), message, label, help, others.OfType<Label>().ToArray());
    }

    private void Report(Mismatch mismatch, Type expected, Type actual, TextSpan span, in Why why)
    {
        switch (mismatch.Kind)
        {
            case MismatchKind.Infinite:
                ReportHere("E0012", span, $"infinite type: `{Show(actual)}` would have to contain itself", "", why);
                return;
            case MismatchKind.Lacks:
                ReportHere("E0004", span, $"row already has label `{mismatch.Label}`", "", why);
                return;
            case MismatchKind.Labels:
                ReportLabels(mismatch, actual, span, why);
                return;
            case MismatchKind.Effects:
                ReportEffects(mismatch, expected, actual, span, why);
                return;
            case MismatchKind.Field when !TypeShape.IsError(expected) && expected.Resolved is Type.Record:
                ReportHere("E0001", span, FieldType(mismatch.Label!, mismatch.Expected!, mismatch.Actual!), $"this is `{Show(actual)}`", why);
                return;
            case MismatchKind.Types or MismatchKind.Field:
                ReportTypes(expected, actual, span, why);
                return;
        }
    }

    private static string FieldType(string field, Type expected, Type actual) =>
        $"field `{field}` has type `{Show(expected)}`, but got `{Show(actual)}`";

    private void ReportTypes(Type expected, Type actual, TextSpan span, in Why why)
    {
        var wanted = Show(expected);
        var given = Show(actual);
        var message = why.Kind switch
        {
            WhyKind.Annotation or WhyKind.Body => $"type annotation mismatch: declared `{wanted}`, but value has type `{given}`",
            WhyKind.Argument => $"type mismatch in function call: expected `{wanted}`, got `{given}`",
            WhyKind.Field => FieldType(why.Name!, expected, actual),
            WhyKind.IfBranch => $"if/else branches have different types: expected `{wanted}`, got `{given}`",
            WhyKind.CaseArm => $"case arms have different types: expected `{wanted}`, got `{given}`",
            WhyKind.Condition => $"type mismatch in the condition of `{why.Name}`: expected `{wanted}`, got `{given}`",
            WhyKind.Operator => $"type mismatch in operator `{why.Name}`: expected `{wanted}`, got `{given}`",
            WhyKind.Element => $"type mismatch in {why.Name}: expected `{wanted}`, got `{given}`",
            WhyKind.Guard => $"type mismatch in guard: expected `{wanted}`, got `{given}`",
            WhyKind.Plain => $"type mismatch: expected `{wanted}`, got `{given}`",
        };
        if (why.Branches is { } branches) message = $"{message} ({branches})";
        ReportHere("E0001", span, message, $"this is `{given}`", why, ConversionHelp(expected, actual));
    }

    private void ReportLabels(Mismatch mismatch, Type actual, TextSpan span, in Why why)
    {
        var label = $"this is `{Show(actual)}`";
        if (mismatch.Extra.IsEmpty)
            ReportHere("E0002", span, $"missing {Fields(mismatch.Missing)} {List(mismatch.Missing)}", label, why);
        else if (mismatch.Missing.IsEmpty)
            ReportHere("E0011", span, $"unexpected {Fields(mismatch.Extra)} {List(mismatch.Extra)}", label, why);
        else
            ReportHere("E0013", span, $"record fields do not match\n    missing: {List(mismatch.Missing)}\n    extra: {List(mismatch.Extra)}", label, why);
    }

    private static string Fields(ImmutableArray<string> labels) => labels.Length == 1 ? "field" : "fields";

    private void ReportEffects(Mismatch mismatch, Type expected, Type actual, TextSpan span, in Why why)
    {
        if (mismatch.Kind != MismatchKind.Effects)
        {
            ReportTypes(expected, actual, span, why);
            return;
        }
        var extra = mismatch.Extra.IsEmpty ? mismatch.Missing : mismatch.Extra;
        ReportHere(_isParallelCallback ? "E0018" : "E0014", span,
            _isParallelCallback
                ? $"a callback of `Par` must be pure, but this one performs {List(extra)}"
                : $"function effects do not match: expected `{Show(expected)}`, got `{Show(actual)}`",
            $"performs {List(extra)}", why);
    }

    /// <summary>Set while the arguments of an operation of Par are checked.</summary>
    private bool _isParallelCallback;

    /// <summary>What to type to get from one type to the other, where the library has it (6.2.4).</summary>
    private static string? ConversionHelp(Type expected, Type actual)
    {
        if (expected.Resolved is Type.Function wanted && actual.Resolved is Type.Function function && wanted.Parameters.Length != function.Parameters.Length)
            return $"a function of {Count(wanted.Parameters.Length, "parameter")} is expected; this one has {function.Parameters.Length}";
        if (expected.Resolved is not Type.Named { Symbol: var to } || actual.Resolved is not Type.Named { Symbol: var from } given) return null;
        if (from.Builtin == BuiltinType.Option && given.Arguments[0].Resolved is Type.Named { Symbol: var inner } && ReferenceEquals(inner, to))
            return "this may be `None`; take it apart with `case` or use `Option.unwrap_or`";
        if (from.Builtin == BuiltinType.Result && given.Arguments[0].Resolved is Type.Named { Symbol: var value } && ReferenceEquals(value, to))
            return "use `?` to pass the failure on, or take it apart with `case`";
        return (from.Builtin, to.Builtin) switch
        {
            (BuiltinType.String, BuiltinType.Int) => "convert with `Text.to_int`",
            (BuiltinType.String, BuiltinType.Float) => "convert with `Text.to_float`",
            (BuiltinType.Int, BuiltinType.Float) => "convert with `Int.to_float`",
            (BuiltinType.Float, BuiltinType.Int) => "convert with `Float.to_int`",
            (BuiltinType.Char, BuiltinType.Int) => "convert with `Char.to_int`",
            (BuiltinType.Int, BuiltinType.Char) => "convert with `Char.from_int`",
            (not BuiltinType.None, BuiltinType.String) => "convert with `Show.show`",
            _ when Numbers.IsInteger(from.Builtin) && Numbers.IsInteger(to.Builtin) => $"convert with `{to.Name}.try_from`",
            _ => null,
        };
    }
}
