namespace Kea.Types.Inference;

/// <summary>Constructors as values and calls (3.3, 3.5.2), opaque wrapping (2.10).</summary>
internal sealed partial class BodyChecker
{
    /// <summary>The variant that a bare name means: of the expected type if that has it, else the one in scope.</summary>
    /// <returns>Null when there is none, or when an ambiguity has been reported.</returns>
    private VariantSymbol? ResolveConstructor(Name name, Type? expected, bool isPattern, out bool reported)
    {
        reported = false;
        if (expected?.Resolved is Type.Named { Symbol: { Kind: TypeKind.Enum } symbol } && FindVariant(symbol, name.Text) is { } wanted) return wanted;
        var candidates = _scope.Constructors(name.Text);
        if (_owner is not null)
            foreach (var nested in _owner.NestedTypes.Values)
                if (FindVariant(nested, name.Text) is { } own) return own;
        if (candidates.Length <= 1) return candidates.Length == 1 ? candidates[0] : null;
        reported = true;
        var text = string.Join(", ", candidates.Select(c => $"`{(c.Owner.Module is { } m && candidates.Count(o => o.Owner.Name == c.Owner.Name) > 1 ? m.Name + "." : "")}{c.Owner.Name}.{c.Name}`"));
        Error("E0001", name.Span, $"ambiguous constructor `{name.Text}`{(isPattern ? " in pattern" : "")}: {text}", "", "write the qualified name or add a type annotation");
        return null;
    }

    private static VariantSymbol? FindVariant(TypeSymbol symbol, string name)
    {
        foreach (var variant in symbol.Variants) if (variant.Name == name) return variant;
        return null;
    }

    private TypedExpression InferUpper(Expression.Upper upper, Type? expected)
    {
        if (ResolveConstructor(upper.Name, expected, false, out var reported) is { } variant) return ConstructorValue(variant, expected, upper.Span);
        if (reported) return ErrorAt(upper.Span);
        if (OpaqueNamed(upper.Name.Text) is { } opaque)
        {
            Error("E0009", upper.Span, $"`{opaque.Name}` expects 1 argument, got 0");
            return ErrorAt(upper.Span);
        }
        ReportUnknownUpper(upper.Name);
        return ErrorAt(upper.Span);
    }

    private void ReportUnknownUpper(Name name)
    {
        var isNamespace = _scope.FindModule(name.Text) is not null || _scope.Types(name.Text).Length + _scope.Traits(name.Text).Length + _scope.Effects(name.Text).Length > 0;
        if (isNamespace)
            Error("E0005", name.Span, $"`{name.Text}` is not a value: it names a type or module", "", "name one of its items, such as a function or constructor");
        else if (!HasFailedImport())
            Error("E0005", name.Span, $"unknown constructor `{name.Text}`", "", DidYouMean(name.Text));
    }

    private TypeSymbol? OpaqueNamed(string name)
    {
        var nested = _owner?.NestedTypes.GetValueOrDefault(name);
        var types = nested is not null ? [nested] : _scope.Types(name);
        return types is [{ } type] && (type.Kind == TypeKind.Opaque || type is { Builtin: BuiltinType.Unique, Kind: not TypeKind.Enum }) ? type : null;
    }

    /// <summary>A constructor without arguments: the value, or where a function is expected (and when qualified) its function.</summary>
    private TypedExpression ConstructorValue(VariantSymbol variant, Type? expected, TextSpan span, bool isQualified = false)
    {
        UseOf(variant.Owner, span);
        var arguments = _unknowns.FreshFor(variant.Owner.Parameters);
        var type = VariantType(variant, ref arguments);
        if (variant.Fields.IsEmpty)
        {
            Push(type, expected);
            return new TypedExpression.Construct(variant, [], type, span);
        }
        if (!isQualified && expected?.Resolved is not Type.Function)
        {
            Error("E0009", span, $"`{variant.Name}` expects {Count(variant.Fields.Length, "argument")}, got 0");
            return ErrorAt(span);
        }
        var locals = ImmutableArray.CreateRange(variant.Fields, f => new LocalSymbol(f.Name ?? "", Substitute.In(f.Type, variant.Owner.Parameters, arguments), span));
        var body = new TypedExpression.Construct(variant, ImmutableArray.CreateRange(locals, TypedExpression (l) => new TypedExpression.Local(l, l.Type, span)), type, span);
        var function = new Type.Function(ImmutableArray.CreateRange(locals, l => l.Type), Row.Empty, type);
        return new TypedExpression.Lambda(ImmutableArray.CreateRange(locals, TypedPattern (l) => new TypedPattern.Binding(l, l.Type, span)), body, function, span);
    }

    /// <summary>The type a variant constructs; what a GADT variant fixes is put in for the unknowns.</summary>
    private Type VariantType(VariantSymbol variant, ref ImmutableArray<Type> arguments)
    {
        foreach (var (parameter, type) in variant.Equations)
        {
            var slot = variant.Owner.Parameters.IndexOf(parameter);
            if (slot >= 0) Unify.Types(_unknowns, arguments[slot], Substitute.In(type, variant.Owner.Parameters, arguments));
        }
        return variant.Owner.Parameters.IsEmpty ? TypeOf(variant.Owner) : new Type.Named(variant.Owner, arguments);
    }

    private static Type TypeOf(TypeSymbol symbol) => symbol.Plain;

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private TypedExpression CallConstructor(VariantSymbol variant, ImmutableArray<Argument> given, Type? expected, TextSpan span)
    {
        if (VariantSlots(variant, given, span) is not { } slots)
        {
            InferAll([.. given.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        UseOf(variant.Owner, span);
        var typeArguments = _unknowns.FreshFor(variant.Owner.Parameters);
        var type = VariantType(variant, ref typeArguments);
        Push(type, expected);
        var values = new TypedExpression[variant.Fields.Length];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < given.Length; i++)
            {
                if (given[i].Value is Expression.Lambda or Expression.AnonymousFunction != (pass == 1)) continue;
                var field = variant.Fields[slots[i]];
                var why = field.Name is { } name ? Why.Field(name) : new Why(WhyKind.Argument);
                values[slots[i]] = Check(given[i].Value, Substitute.In(field.Type, variant.Owner.Parameters, typeArguments), why);
            }
        }
        CloseEffectVariables(typeArguments, span);
        if (Array.Exists(values, v => v is TypedExpression.Error)) return ErrorOf(type, span);
        var statements = InSourceOrder(values, slots);
        var result = new TypedExpression.Construct(variant, ImmutableCollectionsMarshal.AsImmutableArray(values), type, span);
        return statements.Count == 0 ? result : new TypedExpression.Block([.. statements, result], type, span);
    }

    /// <summary>Binds values first, in the order they are written, where that is not the order in which they are needed.</summary>
    private List<TypedExpression> InSourceOrder(TypedExpression[] values, int[] slots)
    {
        var statements = new List<TypedExpression>();
        var inOrder = true;
        for (var i = 1; i < slots.Length; i++) inOrder &= slots[i - 1] < slots[i];
        if (inOrder) return statements;
        foreach (var slot in slots)
        {
            if (IsTrivial(values[slot])) continue;
            var (let, use) = Temporary(values[slot]);
            statements.Add(let);
            values[slot] = use;
        }
        return statements;
    }

    private int[]? VariantSlots(VariantSymbol variant, ImmutableArray<Argument> given, TextSpan span)
    {
        var fields = variant.Fields;
        var labelled = given.Count(a => a.Label is not null);
        var slots = new int[given.Length];
        if (labelled == 0)
        {
            if (given.Length != fields.Length)
            {
                Error("E0009", span, $"`{variant.Name}` expects {Count(fields.Length, "argument")}, got {given.Length}");
                return null;
            }
            for (var i = 0; i < slots.Length; i++) slots[i] = i;
            return slots;
        }
        if (fields.IsEmpty || fields[0].Name is null)
        {
            Error("E0009", span, $"constructor `{variant.Name}` does not accept labeled arguments");
            return null;
        }
        if (labelled != given.Length)
        {
            Error("E0009", span, $"constructor `{variant.Name}`: use labeled arguments or positional syntax (not mixed)");
            return null;
        }
        var taken = new bool[fields.Length];
        for (var i = 0; i < given.Length; i++)
        {
            var label = given[i].Label!.Value;
            var slot = -1;
            for (var f = 0; f < fields.Length && slot < 0; f++) if (fields[f].Name == label.Text) slot = f;
            if (slot < 0)
            {
                var close = EditDistance.Closest(label.Text, fields.Select(f => f.Name!));
                Error("E0009", label.Span, $"unknown argument label `{label.Text}` for constructor `{variant.Name}`", "", close is null ? null : $"did you mean `{close}`?");
                return null;
            }
            if (taken[slot])
            {
                Error("E0009", label.Span, $"duplicate argument label `{label.Text}`");
                return null;
            }
            taken[slot] = true;
            slots[i] = slot;
        }
        for (var f = 0; f < fields.Length; f++)
        {
            if (taken[f]) continue;
            Error("E0009", span, $"missing field `{fields[f].Name}` in constructor `{variant.Name}`");
            return null;
        }
        return slots;
    }

    /// <summary><c>UserId(n)</c>, <c>Unique(x)</c>.</summary>
    private TypedExpression Wrap(TypeSymbol symbol, ImmutableArray<Argument> given, Type? expected, TextSpan span)
    {
        if (given.Length != 1 || given[0].Label is not null)
        {
            Error("E0009", span, $"`{symbol.Name}` expects 1 argument, got {given.Length}");
            InferAll([.. given.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        if (!IsOpen(symbol))
        {
            Error("E0012", span, $"`{symbol.Name}` is opaque: only its own package can wrap a value in it");
            InferAll([.. given.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        var arguments = _unknowns.FreshFor(symbol.Parameters);
        var type = symbol.Parameters.IsEmpty ? TypeOf(symbol) : new Type.Named(symbol, arguments);
        Push(type, expected);
        var inner = Check(given[0].Value, Representation(symbol, arguments), new Why(WhyKind.Argument));
        return inner is TypedExpression.Error ? ErrorOf(type, span) : new TypedExpression.Rewrap(inner, type, span);
    }

    private Type Representation(TypeSymbol symbol, ImmutableArray<Type> arguments) =>
        symbol.Representation is { } representation ? Substitute.In(representation, symbol.Parameters, arguments)
            : symbol.Builtin == BuiltinType.Unique ? arguments[0] : _facts.Error;

    /// <summary>Whether this module may look inside an opaque type.</summary>
    private bool IsOpen(TypeSymbol symbol) => symbol.Module is null || symbol.Module.Origin == _module.Origin;
}
