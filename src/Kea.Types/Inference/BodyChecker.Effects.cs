namespace Kea.Types.Inference;

internal sealed partial class BodyChecker
{
    private EffectCollector _effects;

    private EffectCollector OpenEffects(EffectBoundary boundary)
    {
        var opened = new EffectCollector(_effects, boundary);
        _effects = opened;
        return opened;
    }

    private void CloseEffects() => _effects = _effects.Outer!;

    /// <summary>Notes that evaluation here performs a row.</summary>
    private void Perform(Row row, TextSpan span)
    {
        if (row.IsEmpty) return;
        var flat = Rows.Flatten(row);
        if (flat.IsEmpty) return;
        // A failure of the wrong type is reported here, once, and then counts as one of the right type.
        if (Rows.Find(flat, _facts.Program.FailEffect) is { } fail && !FailWith(fail.Payload, span))
            flat = new Row(Rows.Without(flat.Entries, fail.Effect!), flat.Tail);
        _effects.Performed.Add((flat, span));
    }

    /// <summary>What may be failed with at this place: the payload of the nearest catch, lambda or signature (7.9).</summary>
    private Type FailPayload() => _effects.FailPayload ??= _unknowns.Fresh();

    private bool FailWith(Type payload, TextSpan span)
    {
        var expected = FailPayload();
        if (Unify.Types(_unknowns, expected, payload) is null) return true;
        Error("E0001", span, $"type mismatch: this fails with `{Show(payload)}`, but failures here are `{Show(expected)}`", $"fails with `{Show(payload)}`",
            "a row has at most one `Fail`; convert the error first");
        return false;
    }

    private Row FailRow(Type payload) => new([new RowEntry("Fail", _facts.Program.FailEffect, payload)], null);

    /// <summary>The row of everything a collector gathered.</summary>
    private Row UnionOf(EffectCollector collector, TextSpan span)
    {
        if (collector.Performed.Count == 0) return Row.Empty;
        var union = EffectBounds.Union(_unknowns, collector.Performed.Select(p => p.Row), out var mismatch);
        if (mismatch is { Kind: MismatchKind.Field })
            Error("E0001", span, $"effect row contains multiple incompatible `{mismatch.Label}` entries: `{Show(mismatch.Expected!)}` and `{Show(mismatch.Actual!)}`");
        else if (mismatch is not null)
            Error("E0001", span, $"effects {List(mismatch.Extra)} cannot stand in one row", help: "use one effect variable for both");
        return union;
    }

    /// <summary>The inferred row must lie within the declared one (7.4), and main and tests may leave only what the runtime serves.</summary>
    private void CheckDeclaredEffects(FunctionSymbol function, Row declared)
    {
        var union = UnionOf(_effects, function.Span);
        if (function.Origin == FunctionOrigin.Test)
        {
            CheckServed(union, function, "a test");
            // What a test fails with is known only now; its callers, the runner, read it from the row.
            var fail = Rows.Find(union, _facts.Program.FailEffect);
            if (fail is not null) function.Effects = new Row(Rows.Merge(Rows.Without(declared.Entries, fail.Effect!), [fail]), null);
            return;
        }
        var missing = new List<(string Name, string Description, string Addition)>();
        foreach (var entry in union.Entries)
        {
            if (Rows.Find(declared, entry.Effect!) is { } allowed)
            {
                if (Unify.Types(_unknowns, allowed.Payload, entry.Payload) is not null)
                    Error("E0001", FirstPlace(entry, function.Span), $"type mismatch: `{function.Name}` declares `{EffectText(allowed)}`, but its body performs `{EffectText(entry)}`");
                continue;
            }
            missing.Add((entry.Label, Describe(entry.Label), EffectText(entry)));
        }
        if (union.Tail?.Resolved is Type.Variable { Symbol: var tail }
            && !(declared.Tail?.Resolved is Type.Variable { Symbol: var own } && ReferenceEquals(own, tail)))
            missing.Add((tail.Name, $"performs the effects of `{tail.Name}`", tail.Name));
        if (_isMain) CheckServed(declared, function, "`main`");
        if (missing.Count > 0) ReportUndeclared(function, declared, missing, union);
    }

    private void ReportUndeclared(FunctionSymbol function, Row declared, List<(string Name, string Description, string Addition)> missing, Row union)
    {
        var head = declared.IsEmpty
            ? $"function `{function.Name}` is declared pure (`->`) but its body requires"
            : $"function `{function.Name}` declares `{ArrowText(declared)}` but its body also requires";
        var lines = string.Concat(missing.Select(m => $"\n    {m.Name,-8} — {m.Description}"));
        var others = new List<Label>();
        foreach (var entry in union.Entries)
            if (missing.Any(m => m.Name == entry.Label)) others.Add(new Label(At(FirstPlace(entry, function.Span)), $"`{entry.Label}` is performed here"));
        _bag.Error("E0014", At(function.Span), $"function effects do not match: {head}{lines}", "",
            $"add {string.Join(", ", missing.Select(m => m.Addition))} to the effect signature or handle it in the body", others.ToArray());
    }

    private void CheckServed(Row union, FunctionSymbol function, string what)
    {
        foreach (var entry in union.Entries)
        {
            if (entry.Effect is not { IsCapability: false, IsFail: false }) continue;
            var performed = FirstPlace(entry, function.Span);
            var isHere = function.Origin == FunctionOrigin.Test || performed == function.Span;
            Error("E0015", isHere ? performed : function.Span, $"unhandled effect: `{entry.Label}` reaches {what} without a handler", isHere ? $"performs `{entry.Label}`" : "",
                $"handle `{entry.Label}` in the body", isHere ? [] : [new Label(At(performed), $"`{entry.Label}` is performed here")]);
        }
    }

    private TextSpan FirstPlace(RowEntry entry, TextSpan otherwise)
    {
        foreach (var (row, span) in _effects.Performed)
            if (entry.Effect is not null && Rows.Find(Rows.Flatten(row), entry.Effect) is not null) return span;
        return otherwise;
    }

    private string EffectText(RowEntry entry) => entry.Payload.Resolved switch
    {
        Type.Named { Symbol.Builtin: BuiltinType.Unit } => entry.Label,
        Type.Tuple tuple => $"{entry.Label}({string.Join(", ", tuple.Elements.Select(Show))})",
        Type.Named { Arguments.IsEmpty: false } or Type.Function => $"{entry.Label} ({Show(entry.Payload)})",
        _ => $"{entry.Label} {Show(entry.Payload)}",
    };

    private string ArrowText(Row row)
    {
        var items = row.Entries.Select(EffectText);
        if (row.Tail?.Resolved is Type.Variable { Symbol: var tail }) items = items.Append(tail.Name);
        return $"-[{string.Join(", ", items)}]>";
    }

    private static string Describe(string effect) => effect switch
    {
        "IO" => "accesses the file system or console",
        "Net" => "accesses the network",
        "Rand" => "uses random number generation",
        "Clock" => "reads the system clock",
        "Fail" => "may fail with a value",
        "Log" => "emits log messages",
        "State" => "reads or writes mutable state",
        _ => $"performs the '{effect}' effect",
    };
}
