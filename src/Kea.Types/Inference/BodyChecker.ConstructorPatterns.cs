namespace Kea.Types.Inference;

/// <summary>Patterns of variants and opaque values (4.4, 4.10).</summary>
internal sealed partial class BodyChecker
{
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
            Error("E0009", pattern.Span, $"`{symbol.Name}` expects 1 argument in pattern, got {pattern.Arguments.Length}", "", pattern.Arguments.IsEmpty ? "write `_` for what is not needed" : null);
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
                Error("E0009", pattern.Span, $"`{variant.Name}` expects {Count(fields.Length, "argument")} in pattern, got {pattern.Arguments.Length}", "",
                    pattern.Arguments.Length < fields.Length ? "write `_` for what is not needed" : null);
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
}
