namespace Kea.Types.Inference;

/// <summary>The methods that the compiler itself provides (3.6.6, 6.2.3, 9.11).</summary>
internal static class BuiltinMethods
{
    public static bool Exists(BuiltinType owner, string name) =>
        Numbers.IsInteger(owner) ? name == "try_from" ? owner != BuiltinType.Int : OfInteger(name)
            : owner == BuiltinType.Ptr && name is "null" or "is_null" or "alloc" or "free" or "read" or "write" or "offset" or "cast";

    private static bool OfInteger(string name) => name is "bit_and" or "bit_or" or "bit_xor" or "bit_not" or "shift_left" or "shift_right"
        or "shift_right_unsigned" or "wrapping_add" or "wrapping_sub" or "wrapping_mul" or "popcount" or "leading_zeros" or "trailing_zeros";

    /// <summary>May it be called as <c>receiver.name(…)</c>?</summary>
    public static bool IsMethod(BuiltinType owner, string name) => name != "try_from" && name != "null" && name != "alloc" && Exists(owner, name);

    /// <summary>Parameter types and result. <paramref name="self"/> is the integer type, or the element type of the pointer.</summary>
    public static (ImmutableArray<Type> Parameters, Type Result, bool IsUnsafe) Signature(ProgramFacts facts, Unknowns unknowns, TypeSymbol owner, Type self, string name)
    {
        Type Pointer(Type element) => new Type.Named(facts.Program.Primitive(BuiltinType.Ptr), [element]);
        return name switch
        {
            "bit_not" => ([self], self, false),
            "shift_left" or "shift_right" or "shift_right_unsigned" => ([self, facts.Int], self, false),
            "popcount" or "leading_zeros" or "trailing_zeros" => ([self], facts.Int, false),
            "bit_and" or "bit_or" or "bit_xor" or "wrapping_add" or "wrapping_sub" or "wrapping_mul" => ([self, self], self, false),
            "null" => ([], Pointer(self), true),
            "is_null" => ([Pointer(self)], facts.Bool, false),
            "alloc" => ([facts.Int], Pointer(self), true),
            "free" => ([Pointer(self)], facts.Unit, true),
            "read" => ([Pointer(self)], self, true),
            "write" => ([Pointer(self), self], facts.Unit, true),
            "offset" => ([Pointer(self), facts.Int], Pointer(self), true),
            "cast" => ([Pointer(self)], Pointer(unknowns.Fresh()), true),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"no built-in method of {owner.Name}"),
        };
    }

    /// <summary>The name in the typed tree.</summary>
    public static string TreeName(BuiltinType owner, string name) => owner == BuiltinType.Ptr ? $"ptr_{name}" : name;
}
