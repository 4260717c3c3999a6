namespace Kea.Types.Inference;

/// <summary>
/// Operators whose traits the library does not have are built in for certain types. While an operand's type is unknown
/// the operator is a bound on it (6.7.8), which generalises with it and is settled like any obligation.
/// </summary>
internal sealed partial class BodyChecker
{
    private sealed record OperatorBound(string Trait, string Symbol, Type Operand, TextSpan Span);

    private readonly List<OperatorBound> _operands = [];

    private void RequireOperand(OperatorBound bound)
    {
        if (bound.Operand.Resolved is Type.Meta) _operands.Add(bound);
        else CheckOperand(bound);
    }

    /// <summary>False when the operator does not take the type, which is reported.</summary>
    private bool CheckOperand(OperatorBound bound)
    {
        if (HasOperator(bound)) return true;
        Error("E0001", bound.Span, $"operator {bound.Symbol} requires {bound.Trait} type, got {Show(bound.Operand)}");
        return false;
    }

    private static bool HasOperator(OperatorBound bound) => bound.Operand.Resolved switch
    {
        Type.Error => true,
        _ when Numbers.IsNumber(bound.Operand) => bound.Trait is "Additive" or "Numeric",
        // `+` on two strings is `++` (6.2.1).
        Type.Named { Symbol.Builtin: BuiltinType.String } => bound.Trait is "Concatenable" or "Monoid" || bound.Symbol == "+",
        Type.Named { Symbol.Builtin: BuiltinType.List } => bound.Trait is "Concatenable" or "Monoid",
        Type.Named { Symbol.Builtin: BuiltinType.Map } => bound.Trait is "Monoid",
        _ => false,
    };

    /// <summary>Checks the operands that have become known; true when there were any.</summary>
    private bool SolveOperands()
    {
        var progress = false;
        for (var i = 0; i < _operands.Count; i++)
        {
            var bound = _operands[i];
            if (bound.Operand.Resolved is Type.Meta) continue;
            _operands.RemoveAt(i--);
            progress = true;
            CheckOperand(bound);
        }
        return progress;
    }

    /// <summary>At the end of a body: numbers are <c>Int</c>, anything else stays ambiguous.</summary>
    private void SettleOperands()
    {
        foreach (var bound in _operands.ToArray())
        {
            if (bound.Operand.Resolved is not Type.Meta { Cell: var cell }) continue;
            if (bound.Trait is "Additive" or "Numeric")
            {
                cell.Solution = _facts.Int;
                continue;
            }
            if (_operands.Any(o => o.Operand.Resolved is Type.Meta other && other.Cell == cell && o.Trait is "Additive" or "Numeric")) continue;
            Error("E0010", bound.Span, $"ambiguous: nothing determines the type that operator {bound.Symbol} works on", help: "add a type annotation");
            cell.Solution = _facts.Error;
        }
        SolveOperands();
    }

    /// <summary>Takes the bounds on quantified variables out of what waits: each use of the binding gets them anew.</summary>
    private ImmutableArray<OperatorBound> GeneralOperands(ImmutableArray<TypeVariable> variables)
    {
        if (_operands.Count == 0) return [];
        var general = ImmutableArray.CreateBuilder<OperatorBound>();
        for (var i = _operands.Count - 1; i >= 0; i--)
        {
            if (_operands[i].Operand.Resolved is not Type.Variable { Symbol: var bounded } || !variables.Contains(bounded)) continue;
            general.Add(_operands[i]);
            _operands.RemoveAt(i);
        }
        return general.DrainToImmutable();
    }
}
