namespace Kea.Types.Inference;

/// <summary>What introduced a name; decides whether leaving it unused is worth a warning.</summary>
internal enum BindingKind { Parameter, Pattern, Hidden }

internal sealed partial class BodyChecker
{
    /// <summary>One visible local. Shadowed and outer ones stay below it in the array.</summary>
    private struct LocalEntry
    {
        public LocalSymbol Symbol;
        public BindingKind Kind;
        public bool IsUsed;
        /// <summary>Quantified variables and their bounds when the binding is polymorphic.</summary>
        public LocalScheme? Scheme;
    }

    private sealed record LocalScheme(ImmutableArray<TypeVariable> Variables, ImmutableArray<Obligation> Bounds, ImmutableArray<OperatorBound> Operands);

    private LocalEntry[] _locals = new LocalEntry[16];
    private int _localCount;

    /// <summary>The name whose lambda is being checked, for the help text on self-reference (3.2).</summary>
    private string? _lambdaName;

    private int OpenScope() => _localCount;

    private void CloseScope(int mark)
    {
        for (var i = mark; i < _localCount; i++) WarnIfUnused(in _locals[i]);
        Array.Clear(_locals, mark, _localCount - mark);
        _localCount = mark;
    }

    private void WarnIfUnused(in LocalEntry local)
    {
        if (local.IsUsed || local.Kind != BindingKind.Pattern || local.Symbol.Name.StartsWith('_')) return;
        _unused.Add(local.Symbol);
    }

    private readonly List<LocalSymbol> _unused = [];

    /// <summary>Warnings that make sense only for a body without errors.</summary>
    private void ReportUnused()
    {
        if (_function?.Origin == FunctionOrigin.Derived) return;
        foreach (var local in _unused)
            _bag.Warning("W1003", At(local.Span), $"unused binding `{local.Name}`", "never used", $"rename it to `_{local.Name}` or remove it");
    }

    private LocalSymbol Declare(string name, Type type, TextSpan span, BindingKind kind)
    {
        var symbol = new LocalSymbol(name, type, span);
        Declare(symbol, kind);
        return symbol;
    }

    private void Declare(LocalSymbol symbol, BindingKind kind)
    {
        if (_localCount == _locals.Length) Array.Resize(ref _locals, _localCount * 2);
        _locals[_localCount++] = new LocalEntry { Symbol = symbol, Kind = kind };
    }

    /// <summary>The index of the innermost local of this name, or -1.</summary>
    private int FindLocal(string name)
    {
        for (var i = _localCount - 1; i >= 0; i--)
            if (_locals[i].Symbol.Name == name) return i;
        return -1;
    }

    private TypedExpression UseLocal(int index, TextSpan span)
    {
        ref var local = ref _locals[index];
        local.IsUsed = true;
        if (local.Scheme is not { } scheme) return new TypedExpression.Local(local.Symbol, local.Symbol.Type, span);
        var arguments = _unknowns.FreshFor(scheme.Variables);
        var symbol = local.Symbol;
        foreach (var bound in scheme.Bounds)
            Require(bound with
            {
                Self = Substitute.In(bound.Self, scheme.Variables, arguments),
                Arguments = Substitute.In(bound.Arguments, scheme.Variables, arguments),
                Span = span,
            });
        foreach (var bound in scheme.Operands)
            RequireOperand(bound with { Operand = Substitute.In(bound.Operand, scheme.Variables, arguments), Span = span });
        return new TypedExpression.PolymorphicLocal(symbol, arguments, Substitute.In(symbol.Type, scheme.Variables, arguments), span);
    }

    /// <summary>A binding that the checker makes up, to fix the order of evaluation.</summary>
    private (TypedExpression Let, TypedExpression Use) Temporary(TypedExpression value)
    {
        var symbol = new LocalSymbol("", value.Type, value.Span);
        return (new TypedExpression.Let(new TypedPattern.Binding(symbol, value.Type, value.Span), value, _facts.Unit, value.Span),
            new TypedExpression.Local(symbol, value.Type, value.Span));
    }
}
