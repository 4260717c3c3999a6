namespace Kea.Types.Inference;

internal sealed partial class BodyChecker
{
    /// <summary>Makes a value have the expected type: equal types, or one of the few implicit conversions (6.8), made explicit.</summary>
    private TypedExpression Coerce(TypedExpression value, Type expected, in Why why)
    {
        var wanted = expected.Resolved;
        var actual = value.Type.Resolved;
        if (ReferenceEquals(wanted, actual) || wanted is Type.Error || actual is Type.Error) return value;
        // A parameter of such a type has been rejected where it is declared.
        if (wanted is Type.Forall || actual is Type.Forall) return ErrorAt(value.Span);
        if (actual is Type.Named given)
        {
            if (given.Symbol.Builtin == BuiltinType.Never && !TypeShape.IsNever(wanted))
                return new TypedExpression.Convert(Conversion.Absurd, value, expected, value.Span);
            if (wanted is Type.Named target)
            {
                if (ReferenceEquals(given.Symbol, target.Symbol) && given.Arguments.IsEmpty) return value;
                if (Numbers.Convert(given.Symbol.Builtin, target.Symbol.Builtin) is { } conversion)
                    return new TypedExpression.Convert(conversion, value, expected, value.Span);
                if (UniqueCoercion(value, given, target, why) is { } rewrapped) return rewrapped;
            }
            if (wanted is Type.Record row && given.Symbol.Kind == TypeKind.Struct) return StructToRow(value, given, row, why);
        }
        if (actual is Type.Record && wanted is Type.Named { Symbol: { Kind: TypeKind.Struct } nominal })
        {
            ReportHere("E0001", value.Span, $"expected {nominal.Name}, got anonymous record. Use {nominal.Name} {{ … }}", $"this is `{Show(actual)}`", why);
            return ErrorAt(value.Span);
        }
        if (actual is Type.Function from && wanted is Type.Function to) return FunctionToFunction(value, from, to, expected, why);
        if (Unify.Types(_unknowns, expected, value.Type) is not { } mismatch) return value;
        Report(mismatch, expected, value.Type, value.Span, why);
        return ErrorAt(value.Span);
    }

    /// <summary>The standard Unique: a fresh value may become one, and one may be used up as its content (3.23).</summary>
    private TypedExpression? UniqueCoercion(TypedExpression value, Type.Named given, Type.Named target, in Why why)
    {
        var from = given.Symbol.Builtin == BuiltinType.Unique;
        var to = target.Symbol.Builtin == BuiltinType.Unique;
        if (from == to) return null;
        if (from) return Coerce(new TypedExpression.Rewrap(value, given.Arguments[0], value.Span), target, why);
        if (!IsFresh(value)) return null;
        return new TypedExpression.Rewrap(Coerce(value, target.Arguments[0], why), target, value.Span);
    }

    private static bool IsFresh(TypedExpression value) => value is TypedExpression.Integer or TypedExpression.Float or TypedExpression.String
        or TypedExpression.Char or TypedExpression.Bool or TypedExpression.Unit or TypedExpression.Construct or TypedExpression.Struct
        or TypedExpression.List or TypedExpression.Tuple or TypedExpression.Record;

    /// <summary>A struct where a record row is expected: the row sees its visible fields (6.6.3).</summary>
    private TypedExpression StructToRow(TypedExpression value, Type.Named given, Type.Record expected, in Why why)
    {
        var fields = new List<RowEntry>();
        foreach (var field in given.Symbol.Fields)
            if (IsFieldVisible(given.Symbol, field)) fields.Add(new RowEntry(field.Name, null, FieldType(given, field)));
        fields.Sort(Rows.Compare);
        var seen = new Type.Record(new Row([.. fields], null));
        if (Unify.Types(_unknowns, expected, seen) is { } mismatch)
        {
            Report(mismatch, expected, given, value.Span, why);
            return ErrorAt(value.Span);
        }
        return new TypedExpression.Convert(Conversion.StructToRow, value, expected, value.Span);
    }

    /// <summary>Function types: parameters and results alike, and no effect beyond the expected ones (7.8).</summary>
    private TypedExpression FunctionToFunction(TypedExpression value, Type.Function given, Type.Function expected, Type expectedType, in Why why)
    {
        if (given.Parameters.Length != expected.Parameters.Length)
        {
            Report(Mismatch.OfTypes, expected, given, value.Span, why);
            return ErrorAt(value.Span);
        }
        Mismatch? mismatch = null;
        for (var i = 0; i < given.Parameters.Length; i++) mismatch ??= Unify.Types(_unknowns, expected.Parameters[i], given.Parameters[i]);
        mismatch ??= Unify.Types(_unknowns, expected.Result, given.Result);
        if (mismatch is not null)
        {
            Report(mismatch.Kind is MismatchKind.Effects ? Mismatch.OfTypes : mismatch, expected, given, value.Span, why);
            return ErrorAt(value.Span);
        }
        if (EffectBounds.Include(_unknowns, expected.Effects, given.Effects) is { } surplus)
        {
            ReportEffects(surplus, expected, given, value.Span, why);
            return ErrorAt(value.Span);
        }
        if (given.Effects.IsEmpty && expected.Effects.IsEmpty) return value;
        if (value is TypedExpression.Lambda lambda) return new TypedExpression.Lambda(lambda.Parameters, lambda.Body, expectedType, lambda.Span);
        return TypeShape.Same(given.Effects, expected.Effects) ? value : new TypedExpression.Convert(Conversion.FunctionRow, value, expectedType, value.Span);
    }

    /// <summary>
    /// Pushes an expected type into a type made of fresh unknowns, as far as the shapes agree; what does not agree is
    /// left for the check that follows, which knows better words.
    /// </summary>
    private void Push(Type fresh, Type? expected)
    {
        if (expected is null) return;
        var target = fresh.Resolved;
        var wanted = expected.Resolved;
        if (wanted is Type.Meta or Type.Error || TypeShape.IsNever(wanted)) return;
        switch (target)
        {
            case Type.Meta { Cell.Kind: VariableKind.Type }:
                if (!TypeShape.Is(wanted, BuiltinType.Unique)) Unify.Types(_unknowns, target, wanted);
                break;
            // A row as argument of a type is invariant: it is what is wanted from the start.
            case Type.Meta when wanted is Type.RowArgument:
                Unify.Types(_unknowns, target, wanted);
                break;
            case Type.Named a when wanted is Type.Named b && ReferenceEquals(a.Symbol, b.Symbol):
                for (var i = 0; i < a.Arguments.Length; i++) Push(a.Arguments[i], b.Arguments[i]);
                break;
            case Type.Tuple a when wanted is Type.Tuple b && a.Elements.Length == b.Elements.Length:
                for (var i = 0; i < a.Elements.Length; i++) Push(a.Elements[i], b.Elements[i]);
                break;
            case Type.Function a when wanted is Type.Function b && a.Parameters.Length == b.Parameters.Length:
                for (var i = 0; i < a.Parameters.Length; i++) Push(a.Parameters[i], b.Parameters[i]);
                Push(a.Result, b.Result);
                break;
            case Type.Meta or Type.Named or Type.Tuple or Type.Function or Type.Variable or Type.Record or Type.RowArgument
                or Type.Forall or Type.Projection or Type.Error:
                break;
        }
    }

    /// <summary>The type two branches have in common: the first known one, with Never giving way.</summary>
    private static Type Common(Type first, Type second) => TypeShape.IsNever(first) || TypeShape.IsError(first) ? second : first;
}
