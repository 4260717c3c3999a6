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
                Error("E0001", span, $"integer literal {value} does not fit in `{Show(number)}`");
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

    private TypedPattern ConstructorPattern(Pattern.Constructor pattern, Type type, PatternNames names)
    {
        var path = pattern.Path.Parts;
        if (TypeShape.IsError(type))
        {
            // What is matched is wrong already; its constructors may be what is missing.
            SkipArguments(pattern, names);
            return new TypedPattern.Error(type, pattern.Span);
        }
        VariantSymbol? variant;
        TypeSymbol? opaque;
        if (path.Length > 1)
        {
            (variant, opaque) = ResolveQualifiedConstructor([.. path], type, true);
        }
        else
        {
            variant = ResolveConstructor(path[0], type, true, out var reported);
            opaque = variant is null ? OpaqueNamed(path[0].Text) : null;
            if (variant is null && opaque is null && !reported && !HasFailedImport())
                Error("E0005", path[0].Span, $"unknown constructor `{path[0].Text}`", "",
                    type.Resolved is Type.Named { Symbol: var known } ? Closest(path[0].Text, known.Variants.Select(v => v.Name)) ?? DidYouMean(path[0].Text) : DidYouMean(path[0].Text));
        }
        if (variant is not null) return VariantPattern(pattern, variant, type, names);
        if (opaque is not null) return UnwrapPattern(pattern, opaque, type, names);
        SkipArguments(pattern, names);
        return new TypedPattern.Error(type, pattern.Span);
    }

    /// <summary>Names in a pattern that is wrong are still bound, so that their uses are not reported too.</summary>
    private void SkipArguments(Pattern.Constructor pattern, PatternNames names)
    {
        foreach (var argument in pattern.Arguments) CheckPattern(argument.Pattern, _facts.Error, names);
    }

    private TypedPattern UnwrapPattern(Pattern.Constructor pattern, TypeSymbol symbol, Type type, PatternNames names)
    {
        var arguments = _unknowns.FreshFor(symbol.Parameters);
        var own = symbol.Parameters.IsEmpty ? TypeOf(symbol) : new Type.Named(symbol, arguments);
        var isRight = MustBe(own, type, pattern.Span);
        if (isRight && !IsOpen(symbol))
        {
            Error("E0012", pattern.Span, $"`{symbol.Name}` is opaque: only its own package can look inside");
            isRight = false;
        }
        if (isRight && pattern.Arguments is not [{ Label: null }])
        {
            Error("E0009", pattern.Span, $"`{symbol.Name}` expects 1 argument in pattern, got {pattern.Arguments.Length}");
            isRight = false;
        }
        if (isRight) return new TypedPattern.Rewrap(CheckPattern(pattern.Arguments[0].Pattern, Representation(symbol, arguments), names), type, pattern.Span);
        SkipArguments(pattern, names);
        return new TypedPattern.Error(type, pattern.Span);
    }

    private TypedPattern VariantPattern(Pattern.Constructor pattern, VariantSymbol variant, Type type, PatternNames names)
    {
        if (variant.Owner.Builtin == BuiltinType.Unique && variant.Owner.Kind != TypeKind.Enum) return UnwrapPattern(pattern, variant.Owner, type, names);
        var arguments = _unknowns.FreshFor(variant.Owner.Parameters);
        var own = variant.Owner.Parameters.IsEmpty ? TypeOf(variant.Owner) : new Type.Named(variant.Owner, arguments);
        if (!MustBe(own, type, pattern.Span) || !CheckEquations(variant, arguments, pattern.Span) || FieldPatterns(pattern, variant) is not { } patterns)
        {
            SkipArguments(pattern, names);
            return new TypedPattern.Error(type, pattern.Span);
        }
        var fields = new TypedPattern[patterns.Length];
        // Names are bound in the order in which they are written.
        foreach (var i in Enumerable.Range(0, fields.Length).OrderBy(i => patterns[i]?.Span.Start ?? int.MaxValue))
        {
            var fieldType = Substitute.In(variant.Fields[i].Type, variant.Owner.Parameters, arguments);
            fields[i] = patterns[i] is { } field ? CheckPattern(field, fieldType, names) : new TypedPattern.Wildcard(fieldType, pattern.Span);
        }
        return new TypedPattern.Constructor(variant, ImmutableCollectionsMarshal.AsImmutableArray(fields), type, pattern.Span);
    }

    /// <summary>What a GADT variant fixes must agree with the scrutinee's type; where that would refine a type variable, the match is rejected.</summary>
    private bool CheckEquations(VariantSymbol variant, ImmutableArray<Type> arguments, TextSpan span)
    {
        foreach (var (parameter, fixedType) in variant.Equations)
        {
            var slot = variant.Owner.Parameters.IndexOf(parameter);
            if (slot < 0) continue;
            var wanted = Substitute.In(fixedType, variant.Owner.Parameters, arguments);
            if (arguments[slot].Resolved is Type.Variable or Type.Meta)
            {
                Error("E0904", span, $"matching `{variant.Name}` would refine `{Show(arguments[slot])}` to `{Show(wanted)}`; GADT refinement is not implemented in this version");
                return false;
            }
            // A clash makes the arm unreachable, which is found with the coverage of the whole match.
            Unify.Types(_unknowns, arguments[slot], wanted);
        }
        return true;
    }

    /// <summary>The pattern for each field; null entries match anything. Null when the arguments are wrong, which is reported.</summary>
    private Pattern?[]? FieldPatterns(Pattern.Constructor pattern, VariantSymbol variant)
    {
        var fields = variant.Fields;
        var isNamed = pattern.HasRest || pattern.Arguments.Any(a => a.Label is not null);
        var found = new Pattern?[fields.Length];
        if (!isNamed)
        {
            if (pattern.Arguments.Length != fields.Length)
            {
                Error("E0009", pattern.Span, $"`{variant.Name}` expects {Count(fields.Length, "argument")} in pattern, got {pattern.Arguments.Length}");
                return null;
            }
            for (var i = 0; i < found.Length; i++) found[i] = pattern.Arguments[i].Pattern;
            return found;
        }
        if (fields.IsEmpty || fields[0].Name is null)
        {
            Error("E0009", pattern.Span, pattern.HasRest
                ? "`..` is only allowed in constructor patterns with named fields"
                : $"constructor `{variant.Name}` does not accept labeled arguments");
            return null;
        }
        foreach (var argument in pattern.Arguments)
        {
            var name = argument.Label ?? (argument.Pattern as Pattern.Variable)?.Name;
            // Anything else among named patterns has been reported by the parser.
            if (name is not { } label) return null;
            var slot = -1;
            for (var f = 0; f < fields.Length && slot < 0; f++) if (fields[f].Name == label.Text) slot = f;
            if (slot < 0)
            {
                Error("E0009", label.Span, $"unknown field `{label.Text}` in constructor pattern `{variant.Name}`", "", Closest(label.Text, fields.Select(f => f.Name!)));
                return null;
            }
            if (found[slot] is not null)
            {
                Error("E0003", label.Span, $"duplicate field `{label.Text}` in constructor pattern `{variant.Name}`");
                return null;
            }
            found[slot] = argument.Pattern;
        }
        for (var f = 0; f < fields.Length && !pattern.HasRest; f++)
        {
            if (found[f] is not null) continue;
            Error("E0009", pattern.Span, $"missing field `{fields[f].Name}` in constructor pattern `{variant.Name}`", "", "add it, or end with `..`");
            return null;
        }
        return found;
    }

    private TypedPattern RecordPattern(Pattern.Record pattern, Type type, PatternNames names)
    {
        var symbol = (type.Resolved as Type.Named)?.Symbol;
        if (pattern.Path is { } path)
        {
            var space = ResolveNamespace([.. path.Parts]);
            symbol = space.Type ?? (space.Module is { } module ? Visible(module.Types.GetValueOrDefault(module.LastSegment)) : null);
            if (symbol is not { Kind: TypeKind.Struct })
            {
                Error("E0005", path.Span, $"unknown record type `{path}`", "", Closest(path.Last.Text, _scope.NamesInScope));
                return SkipFields(pattern, type, names);
            }
            var own = symbol.Parameters.IsEmpty ? TypeOf(symbol) : new Type.Named(symbol, _unknowns.FreshFor(symbol.Parameters));
            if (!MustBe(own, type, pattern.Span)) return SkipFields(pattern, type, names);
        }
        if (HasDuplicates(pattern)) return SkipFields(pattern, type, names);
        return symbol is { Kind: TypeKind.Struct } && type.Resolved is Type.Named named
            ? StructPattern(pattern, named, names) : RowPattern(pattern, type, names);
    }

    private bool HasDuplicates(Pattern.Record pattern)
    {
        var seen = new HashSet<string>();
        foreach (var field in pattern.Fields)
        {
            if (seen.Add(field.Name.Text)) continue;
            Error("E0003", field.Name.Span, $"duplicate field `{field.Name.Text}` in pattern");
            return true;
        }
        return false;
    }

    private TypedPattern SkipFields(Pattern.Record pattern, Type type, PatternNames names)
    {
        foreach (var field in pattern.Fields) CheckPattern(field.Pattern, _facts.Error, names);
        return new TypedPattern.Error(type, pattern.Span);
    }

    private TypedPattern StructPattern(Pattern.Record pattern, Type.Named type, PatternNames names)
    {
        var symbol = type.Symbol;
        var fields = ImmutableArray.CreateBuilder<(string, TypedPattern)>(pattern.Fields.Length);
        foreach (var given in pattern.Fields)
        {
            if (FindField(symbol, given.Name.Text) is { } field && IsFieldVisible(symbol, field))
            {
                fields.Add((field.Name, CheckPattern(given.Pattern, FieldType(type, field), names)));
                continue;
            }
            Error("E0011", given.Name.Span, $"unknown field `{given.Name.Text}` in pattern of `{symbol.Name}`", "", Closest(given.Name.Text, symbol.Fields.Select(f => f.Name)));
            CheckPattern(given.Pattern, _facts.Error, names);
        }
        var missing = symbol.Fields.Where(f => pattern.Fields.All(g => g.Name.Text != f.Name)).Select(f => f.Name).ToList();
        if (!pattern.HasRest && missing.Count > 0)
            Error("E0002", pattern.Span, $"missing {(missing.Count == 1 ? "field" : "fields")} {List(missing)} in pattern of `{symbol.Name}`", "", "add it, or end with `..`");
        return new TypedPattern.Record(fields.ToImmutable(), type, pattern.Span);
    }

    private TypedPattern RowPattern(Pattern.Record pattern, Type type, PatternNames names)
    {
        ImmutableArray<RowEntry> entries = [];
        foreach (var field in pattern.Fields) entries = Rows.With(entries, new RowEntry(field.Name.Text, null, _unknowns.Fresh()));
        var row = new Row(entries, pattern.HasRest ? _unknowns.Fresh(VariableKind.RecordRow) : null);
        if (!MustBe(new Type.Record(row), type, pattern.Span)) return SkipFields(pattern, type, names);
        var fields = ImmutableArray.CreateBuilder<(string, TypedPattern)>(pattern.Fields.Length);
        foreach (var field in pattern.Fields) fields.Add((field.Name.Text, CheckPattern(field.Pattern, Rows.Find(row, field.Name.Text)!.Payload, names)));
        return new TypedPattern.Record(fields.ToImmutable(), type, pattern.Span);
    }
}
