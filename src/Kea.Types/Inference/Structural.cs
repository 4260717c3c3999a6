namespace Kea.Types.Inference;

/// <summary>Instances that need no implementation in the library: primitives, and componentwise for tuples and closed records (8.11, 6.6).</summary>
internal static class Structural
{
    /// <returns>The component types that need the trait too; null when the type has no such instance.</returns>
    public static IEnumerable<Type>? Parts(ProgramFacts facts, TraitSymbol trait, Type self)
    {
        if (trait.Module.Origin != ModuleOrigin.Standard || !ReferenceEquals(facts.Trait(trait.Name), trait)) return null;
        switch (self.Resolved)
        {
            case Type.Tuple { Elements: var elements }:
                return IsComponentwise(trait.Name) ? elements : null;
            case Type.Record { Row: var row }:
                var flat = Rows.Flatten(row);
                return IsComponentwise(trait.Name) && flat.Tail is null ? flat.Entries.Select(e => e.Payload) : null;
            case Type.Named { Symbol.Builtin: var builtin, Arguments: var arguments }:
                return IsBuiltIn(trait.Name, builtin) ? trait.Name is "Concatenable" or "Monoid" ? [] : arguments : null;
            default:
                return null;
        }
    }

    private static bool IsComponentwise(string trait) => trait is "Eq" or "Ord" or "Show" or "Hash";

    private static bool IsBuiltIn(string trait, BuiltinType type)
    {
        var isNumber = Numbers.IsInteger(type) || Numbers.IsFloat(type);
        if (type == BuiltinType.Never) return IsComponentwise(trait);
        return trait switch
        {
            "Eq" => isNumber || type is BuiltinType.Bool or BuiltinType.Char or BuiltinType.String or BuiltinType.Unit or BuiltinType.Atom or BuiltinType.Bytes,
            "Ord" => isNumber || type is BuiltinType.Bool or BuiltinType.Char or BuiltinType.String or BuiltinType.Unit,
            "Show" => isNumber || type is BuiltinType.Bool or BuiltinType.Char or BuiltinType.String or BuiltinType.Unit or BuiltinType.Atom,
            "Hash" => Numbers.IsInteger(type) || type is BuiltinType.Bool or BuiltinType.Char or BuiltinType.String or BuiltinType.Unit,
            "Additive" or "Numeric" => isNumber,
            "Concatenable" => type is BuiltinType.String or BuiltinType.List,
            "Monoid" => type is BuiltinType.String or BuiltinType.List or BuiltinType.Map,
            _ => false,
        };
    }
}
