namespace Kea.Types.Inference;

/// <summary>Obligations wait until the type is known; projections likewise.</summary>
internal sealed partial class BodyChecker
{
    private sealed record PendingProjection(Type Base, TraitSymbol Trait, string Member, Type.Meta Result, TextSpan Span);

    private readonly List<Obligation> _pending = [];
    private readonly List<PendingProjection> _projections = [];
    private readonly List<Obligation> _open = [];

    private void Require(TraitSymbol trait, Type self, TextSpan span) => Require(new Obligation(trait, self, [], [], span));

    private void Require(Obligation obligation)
    {
        var open = _open;
        open.Clear();
        switch (_traits.Solve(obligation, open, out var failure))
        {
            case Verdict.Holds:
                _pending.AddRange(open);
                break;
            case Verdict.Open:
                _pending.Add(obligation);
                break;
            case Verdict.Fails:
                ReportUnsatisfied(obligation, failure!);
                break;
        }
    }

    /// <summary>Looks again at everything that waits; each pass may determine types that others wait for.</summary>
    private void SolveAll()
    {
        if (_pending.Count == 0 && _projections.Count == 0 && _operands.Count == 0 && _rows.Count == 0) return;
        for (var progress = true; progress;)
        {
            progress = SolveOperands() | SolveFields();
            for (var i = 0; i < _projections.Count; i++)
            {
                var waiting = _projections[i];
                if (_traits.Project(waiting.Base, waiting.Trait, waiting.Member) is not { } type) continue;
                _projections.RemoveAt(i--);
                progress = true;
                var normal = Normalize(type, waiting.Span);
                if (Unify.Types(_unknowns, waiting.Result, normal) is { } mismatch) Report(mismatch, normal, waiting.Result, waiting.Span, Why.Plain);
            }
            for (var i = 0; i < _pending.Count; i++)
            {
                var waiting = _pending[i];
                if (waiting.Self.Resolved is Type.Meta) continue;
                var open = new List<Obligation>();
                var verdict = _traits.Solve(waiting, open, out var failure);
                if (verdict == Verdict.Open) continue;
                _pending.RemoveAt(i--);
                progress = true;
                if (verdict == Verdict.Holds) _pending.AddRange(open);
                else ReportUnsatisfied(waiting, failure!);
            }
        }
    }

    /// <summary>What is still open at the end gets its default (6.7.8) or a message.</summary>
    private void SettleObligations()
    {
        SolveAll();
        SettleOperands();
        SettleFields();
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].Self.Resolved is not Type.Meta { Cell: { Solution: null, Kind: VariableKind.Type } cell }) continue;
            var isNumeric = _pending.Any(o => o.Self.Resolved is Type.Meta other && other.Cell == cell && o.Trait.Name is "Additive" or "Numeric");
            if (isNumeric) cell.Solution = _facts.Int;
        }
        SolveAll();
        foreach (var waiting in _pending.ToArray())
        {
            if (waiting.Self.Resolved is Type.Meta { Cell: { Kind: VariableKind.Type } cell })
            {
                var open = new List<Obligation>();
                var all = _pending.Where(o => o.Self.Resolved is Type.Meta other && other.Cell == cell).ToArray();
                // A hole of a signature has no default; that nothing determines it is reported there.
                if (cell.IsHole) continue;
                if (all.All(o => _traits.Solve(o with { Self = _facts.Unit }, open, out _) == Verdict.Holds))
                {
                    cell.Solution = _facts.Unit;
                    continue;
                }
                ReportAmbiguous(waiting);
                cell.Solution = _facts.Error;
            }
            else if (waiting.Self.Resolved is not Type.Error && !waiting.Arguments.IsEmpty && waiting.Arguments.Any(TypeShape.HasUnknown))
            {
                ReportAmbiguous(waiting);
            }
        }
        SolveAll();
        _pending.Clear();
    }

    private void ReportAmbiguous(Obligation obligation) =>
        Error("E0010", obligation.Span, $"ambiguous: nothing determines the type that must implement trait `{obligation.Trait.Name}`",
            help: "add a type annotation");

    private void ReportUnsatisfied(Obligation obligation, Obligation failure)
    {
        if (failure.Self.Resolved is Type.Error) return;
        if (obligation.Operator is { } sign && failure == obligation && failure.Self.Resolved is not Type.Variable
            && obligation.Trait.Name is not ("Eq" or "Ord"))
        {
            Error("E0001", obligation.Span, $"operator {sign} requires {obligation.Trait.Name} type, got {Show(obligation.Self)}");
            return;
        }
        var message = failure.Equations.IsEmpty || _traits.Solve(failure with { Equations = [] }, [], out _) != Verdict.Holds
            ? $"type `{Show(failure.Self)}` does not implement trait `{failure.Trait.Name}`"
            : $"type `{Show(failure.Self)}` does not have the associated types that are required of its `{failure.Trait.Name}`";
        var help = failure.Self.Resolved switch
        {
            Type.Variable { Symbol: var variable } => $"add `where {variable.Name}: {failure.Trait.Name}` to the signature",
            Type.Named { Symbol: { Module: not null } symbol } when IsDerivable(failure.Trait.Name) && symbol.Kind is TypeKind.Struct or TypeKind.Enum =>
                $"add `@derive({failure.Trait.Name})` to `{symbol.Name}`",
            _ => null,
        };
        var note = failure == obligation ? "" : $"needed for `{obligation.Trait.Name}` of `{Show(obligation.Self)}`";
        Error("E0010", obligation.Span, message, note, help);
    }

    private static bool IsDerivable(string trait) => trait is "Eq" or "Show" or "Ord" or "Hash" or "Encode" or "Decode";

    /// <summary>A signature whose types may contain projections.</summary>
    private static bool HasProjections(FunctionSymbol function)
    {
        foreach (var bound in function.Bounds) if (HasTypes(bound.Trait, 0)) return true;
        return function.OwnerTrait is { } trait && HasTypes(trait, 0);
    }

    private static bool HasTypes(TraitSymbol trait, int depth)
    {
        if (!trait.Types.IsEmpty) return true;
        if (depth > 16) return false;
        foreach (var super in trait.Supertraits) if (HasTypes(super, depth + 1)) return true;
        return false;
    }

    /// <summary>Replaces projections by what they are; one of an unknown type becomes an unknown that waits.</summary>
    private Type Normalize(Type type, TextSpan span)
    {
        switch (type.Resolved)
        {
            case Type.Projection projection:
                var target = Normalize(projection.Base, span);
                if (_traits.Project(target, projection.Trait, projection.Member) is { } found)
                    return found.Resolved is Type.Projection ? found : Normalize(found, span);
                var result = _unknowns.Fresh();
                _projections.Add(new PendingProjection(target, projection.Trait, projection.Member, result, span));
                return result;
            case Type.Named { Arguments.IsEmpty: false } named:
                return new Type.Named(named.Symbol, Normalize(named.Arguments, span));
            case Type.Function function:
                return new Type.Function(Normalize(function.Parameters, span), Normalize(function.Effects, span), Normalize(function.Result, span));
            case Type.Tuple tuple:
                return new Type.Tuple(Normalize(tuple.Elements, span));
            case Type.Record record:
                return new Type.Record(Normalize(record.Row, span));
            case Type.RowArgument argument:
                return new Type.RowArgument(Normalize(argument.Row, span));
            case Type.Forall forall:
                return new Type.Forall(forall.Variables, Normalize(forall.Body, span));
            case var other:
                return other;
        }
    }

    private ImmutableArray<Type> Normalize(ImmutableArray<Type> types, TextSpan span) => ImmutableArray.CreateRange(types, t => Normalize(t, span));

    private Row Normalize(Row row, TextSpan span) =>
        row.Entries.IsEmpty ? row : new Row(ImmutableArray.CreateRange(row.Entries, e => e with { Payload = Normalize(e.Payload, span) }), row.Tail);
}
