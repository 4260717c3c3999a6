namespace Kea.Types.Inference;

/// <summary>Patterns (part 4): types flow in from the scrutinee, names come out.</summary>
internal sealed partial class BodyChecker
{
    /// <summary>Checks a pattern and makes its names visible.</summary>
    private TypedPattern BindPattern(Pattern syntax, Type type, BindingKind kind)
    {
        var names = new PatternNames();
        var pattern = CheckPattern(syntax, type, names);
        foreach (var name in names.Bound) Declare(name, kind);
        return pattern;
    }

    /// <summary>A pattern where only one that always matches is allowed.</summary>
    private TypedPattern ParameterPattern(Pattern syntax, Type type, BindingKind kind, string place = "parameter")
    {
        var pattern = BindPattern(syntax, type, kind);
        if (!IsIrrefutable(pattern)) Error("E0007", syntax.Span, $"refutable pattern in {place}", "this pattern does not match every value", "take the value apart with `case`");
        return pattern;
    }

    /// <summary>Does the pattern always match (4.11)?</summary>
    private static bool IsIrrefutable(TypedPattern pattern) => pattern switch
    {
        TypedPattern.Wildcard => true,
        TypedPattern.Binding => true,
        TypedPattern.Error => true,
        TypedPattern.Tuple tuple => tuple.Elements.All(IsIrrefutable),
        TypedPattern.Record record => record.Fields.All(f => IsIrrefutable(f.Pattern)),
        TypedPattern.Constructor constructor => constructor.Variant.Owner.Variants.Length == 1 && constructor.Fields.All(IsIrrefutable),
        TypedPattern.Rewrap rewrap => IsIrrefutable(rewrap.Inner),
        TypedPattern.As named => IsIrrefutable(named.Inner),
        TypedPattern.Or or => or.Alternatives.Any(IsIrrefutable),
        TypedPattern.Integer => false,
        TypedPattern.Float => false,
        TypedPattern.Char => false,
        TypedPattern.String => false,
        TypedPattern.Bool => false,
        TypedPattern.Const => false,
    };

    private TypedPattern CheckPattern(Pattern syntax, Type type, PatternNames names)
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Error("E0012", syntax.Span, "pattern is nested too deeply");
            return new TypedPattern.Error(type, syntax.Span);
        }
        switch (syntax)
        {
            case Pattern.Wildcard: return new TypedPattern.Wildcard(type, syntax.Span);
            case Pattern.Variable variable: return BindName(variable.Name, type, names) is { } symbol ? new TypedPattern.Binding(symbol, type, syntax.Span) : new TypedPattern.Error(type, syntax.Span);
            case Pattern.Literal literal: return LiteralPattern(literal, type);
            case Pattern.Unit: return MustBe(_facts.Unit, type, syntax.Span) ? new TypedPattern.Wildcard(type, syntax.Span) : new TypedPattern.Error(type, syntax.Span);
            case Pattern.Constructor constructor: return ConstructorPattern(constructor, type, names);
            case Pattern.Const constant: return ConstPattern(constant, type);
            case Pattern.Record record: return RecordPattern(record, type, names);
            case Pattern.Tuple tuple: return TuplePattern(tuple, type, names);
            case Pattern.List list: return ListPattern(list, type, names);
            case Pattern.As named:
                var inner = CheckPattern(named.Inner, type, names);
                return BindName(named.Name, type, names) is { } whole ? new TypedPattern.As(inner, whole, type, syntax.Span) : inner;
            case Pattern.Or or: return OrPattern(or, type, names);
            case Pattern.Error: return new TypedPattern.Error(type, syntax.Span);
        }
        return new TypedPattern.Error(type, syntax.Span);
    }

    private LocalSymbol? BindName(Name name, Type type, PatternNames names)
    {
        if (names.Find(name.Text) is not null)
        {
            Error("E0012", name.Span, $"name `{name.Text}` is bound twice in one pattern");
            return null;
        }
        var symbol = names.Shared?.Find(s => s.Name == name.Text);
        if (symbol is null) symbol = new LocalSymbol(name.Text, type, name.Span);
        else if (Unify.Types(_unknowns, symbol.Type, type) is not null)
            Error("E0001", name.Span, $"or-pattern alternatives bind `{name.Text}` with different types: `{Show(symbol.Type)}` and `{Show(type)}`");
        names.Bound.Add(symbol);
        return symbol;
    }

    private TypedPattern OrPattern(Pattern.Or or, Type type, PatternNames names)
    {
        var alternatives = new TypedPattern[or.Alternatives.Length];
        var first = new PatternNames(names.Shared);
        alternatives[0] = CheckPattern(or.Alternatives[0], type, first);
        for (var i = 1; i < alternatives.Length; i++)
        {
            var next = new PatternNames(first.Bound);
            alternatives[i] = CheckPattern(or.Alternatives[i], type, next);
            var missing = first.Bound.Where(b => next.Find(b.Name) is null).Concat(next.Bound.Where(b => first.Find(b.Name) is null)).Select(b => b.Name).ToList();
            if (missing.Count > 0) Error("E0012", or.Alternatives[i].Span, $"or-pattern alternatives bind different names: {List(missing)}");
        }
        foreach (var symbol in first.Bound)
        {
            if (names.Find(symbol.Name) is not null) Error("E0012", symbol.Span, $"name `{symbol.Name}` is bound twice in one pattern");
            else names.Bound.Add(symbol);
        }
        return new TypedPattern.Or(ImmutableCollectionsMarshal.AsImmutableArray(alternatives), type, or.Span);
    }

    /// <summary>The scrutinee must have the pattern's type.</summary>
    private bool MustBe(Type pattern, Type scrutinee, TextSpan span)
    {
        if (Unify.Types(_unknowns, scrutinee, pattern) is not { } mismatch) return true;
        if (mismatch.Kind is MismatchKind.Types or MismatchKind.Field)
            Error("E0001", span, $"type mismatch in pattern: expected `{Show(scrutinee)}`, got `{Show(pattern)}`", $"this matches `{Show(pattern)}`");
        else
            Report(mismatch, scrutinee, pattern, span, Why.Plain);
        return false;
    }

    private TypedPattern LiteralPattern(Pattern.Literal literal, Type type)
    {
        var span = literal.Span;
        TypedPattern wrong = new TypedPattern.Error(type, span);
        switch (literal.Value)
        {
            case LiteralValue.Integer(var magnitude):
                var number = Numbers.IsInteger(type) ? type : _facts.Int;
                if (!MustBe(number, type, span)) return wrong;
                Int128 value = literal.Negated ? -(Int128)magnitude : magnitude;
                if (Numbers.Fits(value, Numbers.Of(number))) return new TypedPattern.Integer(value, type, span);
                Error("E0001", span, $"integer literal `{value}` does not fit in `{Show(number)}`");
                return wrong;
            case LiteralValue.Float(var magnitude):
                return MustBe(Numbers.IsFloat(type) ? type : _facts.Float, type, span) ? new TypedPattern.Float(literal.Negated ? -magnitude : magnitude, type, span) : wrong;
            case LiteralValue.Char(var codePoint):
                return MustBe(_facts.Char, type, span) ? new TypedPattern.Char(codePoint, type, span) : wrong;
            case LiteralValue.String(var text):
                return MustBe(_facts.String, type, span) ? new TypedPattern.String(text, type, span) : wrong;
            case LiteralValue.Bool(var truth):
                return MustBe(_facts.Bool, type, span) ? new TypedPattern.Bool(truth, type, span) : wrong;
        }
        return wrong;
    }

    private TypedPattern TuplePattern(Pattern.Tuple tuple, Type type, PatternNames names)
    {
        var elements = type.Resolved is Type.Tuple known && known.Elements.Length == tuple.Elements.Length ? known.Elements
            : ImmutableArray.CreateRange(tuple.Elements, Type (_) => _unknowns.Fresh());
        var fits = MustBe(new Type.Tuple(elements), type, tuple.Span);
        var patterns = new TypedPattern[elements.Length];
        for (var i = 0; i < patterns.Length; i++) patterns[i] = CheckPattern(tuple.Elements[i], fits ? elements[i] : _facts.Error, names);
        return fits ? new TypedPattern.Tuple(ImmutableCollectionsMarshal.AsImmutableArray(patterns), type, tuple.Span) : new TypedPattern.Error(type, tuple.Span);
    }

    /// <summary>List patterns become the constructors of the library's List.</summary>
    private TypedPattern ListPattern(Pattern.List list, Type type, PatternNames names)
    {
        var element = type.Resolved is Type.Named { Symbol.Builtin: BuiltinType.List, Arguments: [var known] } ? known : _unknowns.Fresh();
        if (!MustBe(_facts.List(element), type, list.Span))
        {
            foreach (var each in list.Elements) CheckPattern(each, _facts.Error, names);
            if (list.Rest is not null) CheckPattern(list.Rest, _facts.Error, names);
            return new TypedPattern.Error(type, list.Span);
        }
        var symbol = _facts.ListSymbol;
        var cons = FindVariant(symbol, "Cons")!;
        var elements = new TypedPattern[list.Elements.Length];
        for (var i = 0; i < elements.Length; i++) elements[i] = CheckPattern(list.Elements[i], element, names);
        var result = list.Rest is null
            ? new TypedPattern.Constructor(FindVariant(symbol, "Nil")!, [], type, new TextSpan(list.Span.End, list.Span.End))
            : CheckPattern(list.Rest, type, names);
        for (var i = elements.Length - 1; i >= 0; i--)
            result = new TypedPattern.Constructor(cons, [elements[i], result], type, elements[i].Span.Until(list.Span));
        return result;
    }

    private TypedPattern ConstPattern(Pattern.Const pattern, Type type)
    {
        var space = ResolveNamespace([.. pattern.Owner.Parts]);
        if (FindMember(space, pattern.Name.Text) is not Member.Const(var constant))
        {
            Error("E0005", pattern.Span, $"unknown const pattern `{pattern.Owner}.{pattern.Name.Text}`", "", space.Type is { } owner ? Closest(pattern.Name.Text, owner.Consts.Keys) : null);
            return new TypedPattern.Error(type, pattern.Span);
        }
        if (!MustBe(constant.Type, type, pattern.Span)) return new TypedPattern.Error(type, pattern.Span);
        RequireUnlessNumber("Eq", type, pattern.Span);
        return new TypedPattern.Const(constant, type, pattern.Span);
    }
}
