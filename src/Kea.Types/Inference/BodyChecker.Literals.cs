namespace Kea.Types.Inference;

/// <summary>Literals, tuples, lists, maps, interpolation (3.11, 3.20, 6.2.5).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferLiteral(Expression.Literal literal, Type? expected)
    {
        switch (literal.Value)
        {
            case LiteralValue.Integer(var value): return IntegerOf(value, expected, literal.Span, "integer literal");
            case LiteralValue.Float(var value): return FloatOf(value, expected, literal.Span);
            case LiteralValue.Char(var codePoint): return new TypedExpression.Char(codePoint, _facts.Char, literal.Span);
            case LiteralValue.String(var text): return new TypedExpression.String(text, _facts.String, literal.Span);
            case LiteralValue.Bool(var value): return new TypedExpression.Bool(value, _facts.Bool, literal.Span);
        }
        return ErrorAt(literal.Span);
    }

    private TypedExpression IntegerOf(Int128 value, Type? expected, TextSpan span, string what)
    {
        var type = NumberHint(expected) is { } hint && Numbers.IsInteger(hint) ? hint : _facts.Int;
        if (Numbers.Fits(value, Numbers.Of(type))) return new TypedExpression.Integer(value, type, span);
        Error("E0001", span, $"{what} {(what == "integer literal" ? $"`{value}`" : value)} does not fit in `{Show(type)}`");
        return new TypedExpression.Error(type, span);
    }

    private TypedExpression FloatOf(double value, Type? expected, TextSpan span)
    {
        var type = NumberHint(expected) is { } hint && Numbers.IsFloat(hint) ? hint : _facts.Float;
        if (Numbers.Fits(value, Numbers.Of(type))) return new TypedExpression.Float(value, type, span);
        Error("E0001", span, $"float literal is out of range for `{Show(type)}`");
        return new TypedExpression.Error(type, span);
    }

    /// <summary>The number type that a hint asks for, also inside Unique.</summary>
    private static Type? NumberHint(Type? expected)
    {
        if (expected?.Resolved is not Type.Named named) return null;
        return named.Symbol.Builtin == BuiltinType.Unique ? NumberHint(named.Arguments[0]) : named;
    }

    private TypedExpression InferTuple(Expression.Tuple tuple, Type? expected)
    {
        var hints = expected?.Resolved is Type.Tuple wanted && wanted.Elements.Length == tuple.Elements.Length ? wanted.Elements : default;
        var elements = new TypedExpression[tuple.Elements.Length];
        var types = new Type[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = hints.IsDefault ? Infer(tuple.Elements[i], null) : Check(tuple.Elements[i], hints[i], Why.Element("tuple element"));
            types[i] = elements[i].Type;
        }
        return new TypedExpression.Tuple(ImmutableCollectionsMarshal.AsImmutableArray(elements), new Type.Tuple(ImmutableCollectionsMarshal.AsImmutableArray(types)), tuple.Span);
    }

    private TypedExpression InferList(Expression.List list, Type? expected)
    {
        var element = expected?.Resolved is Type.Named { Symbol.Builtin: BuiltinType.List, Arguments: var arguments } ? arguments[0] : _unknowns.Fresh();
        var elements = new TypedExpression[list.Elements.Length];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = Check(list.Elements[i], element, i == 0 ? Why.Element("list element") : Why.Element("list element") with { Label = new Label(At(list.Elements[0].Span), "the first element") });
        return new TypedExpression.List(ImmutableCollectionsMarshal.AsImmutableArray(elements), _facts.List(element), list.Span);
    }

    /// <summary><c>%{k => v}</c> is <c>Map.of_list([(k, v)], Hash.hash, Eq.eq)</c> (6.4.1).</summary>
    private TypedExpression InferMap(Expression.Map map, Type? expected)
    {
        var ofList = Instantiate(_facts.Program.StandardFunction("Map", "of_list"), map.Span);
        Push(ofList.Result, expected);
        var (key, value) = ofList.Result.Resolved is Type.Named { Arguments: [var k, var v] } ? (k, v) : (_unknowns.Fresh(), (Type)_unknowns.Fresh());
        var pair = new Type.Tuple([key, value]);
        var entries = new TypedExpression[map.Entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var typedKey = Check(map.Entries[i].Key, key, Why.Element("map key"));
            var typedValue = Check(map.Entries[i].Value, value, Why.Element("map value"));
            entries[i] = new TypedExpression.Tuple([typedKey, typedValue], pair, typedKey.Span.Until(typedValue.Span));
        }
        var list = new TypedExpression.List(ImmutableCollectionsMarshal.AsImmutableArray(entries), _facts.List(pair), map.Span);
        var known = _bag.Count;
        var hash = MethodValue("Hash", "hash", key, map.Span);
        // A key that lacks both traits is one mistake.
        var equal = MethodValue("Eq", "eq", key, map.Span, isSilent: _bag.Count > known);
        var whys = new Why(WhyKind.Argument);
        CloseEffectVariables(ofList.TypeArguments, map.Span);
        return new TypedExpression.Call(ofList.Target, [Coerce(list, ofList.Types[0], whys), Coerce(hash, ofList.Types[1], whys), Coerce(equal, ofList.Types[2], whys)], ofList.Result, map.Span);
    }

    private TypedExpression MethodValue(string trait, string method, Type self, TextSpan span, bool isSilent = false)
    {
        var callee = Instantiate(_facts.Program.StandardTrait(trait, trait).Methods[method], span);
        Unify.Types(_unknowns, callee.TypeArguments[0], self);
        if (!isSilent) foreach (var obligation in callee.Obligations) Require(obligation);
        return new TypedExpression.FunctionValue(callee.Target, new Type.Function(callee.Types, callee.Effects, callee.Result), span);
    }

    private TypedExpression InferInterpolation(Expression.Interpolation interpolation)
    {
        var show = _facts.Program.StandardTrait("Show", "Show");
        var parts = new TypedExpression[interpolation.Parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            switch (interpolation.Parts[i])
            {
                case InterpolationPart.Text(var text):
                    parts[i] = new TypedExpression.String(text, _facts.String, interpolation.Span);
                    break;
                case InterpolationPart.Hole(var hole):
                    parts[i] = Infer(hole, null);
                    if (TypeShape.IsNever(parts[i].Type)) parts[i] = Coerce(parts[i], _facts.String, Why.Plain);
                    else if (!TypeShape.Is(parts[i].Type, BuiltinType.String)) Require(show, parts[i].Type, hole.Span);
                    break;
            }
        }
        return new TypedExpression.Interpolation(ImmutableCollectionsMarshal.AsImmutableArray(parts), _facts.String, interpolation.Span);
    }
}
