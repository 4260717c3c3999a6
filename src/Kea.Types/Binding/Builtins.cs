using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>What exists once in every program, whatever its modules declare: primitive types and the effects with built-in names.</summary>
/// <remarks>
/// A standard module that declares a type under one of the names of <see cref="BuiltinType"/> takes that name's place
/// (<see cref="Register"/>), so <c>Vector</c> or <c>Option</c> are the library's own declarations.
/// </remarks>
internal sealed class Builtins
{
    private readonly Dictionary<string, TypeSymbol> _primitives = [];
    private readonly TypeSymbol?[] _byKind = new TypeSymbol?[(int)BuiltinType.Ordering + 1];

    public Builtins()
    {
        for (var kind = BuiltinType.Int; kind <= BuiltinType.TypeValue; kind++)
        {
            var symbol = new TypeSymbol(NameOf(kind), null, TypeKind.Primitive) { Builtin = kind, IsPublic = true };
            if (HasParameter(kind)) symbol.Parameters = [new TypeVariable("a", VariableKind.Type)];
            _primitives.Add(symbol.Name, symbol);
            _byKind[(int)kind] = symbol;
        }
        Effects = BuiltinEffects.Create(this);
    }

    /// <summary>The one global effect for each built-in name (7.2.1).</summary>
    public Dictionary<string, EffectSymbol> Effects { get; }
    public EffectSymbol Fail => Effects["Fail"];

    /// <summary>The symbol, or null for a library type whose module is not part of the program.</summary>
    public TypeSymbol? this[BuiltinType kind] => _byKind[(int)kind];

    public Type Plain(BuiltinType kind) => _byKind[(int)kind]!.Plain;
    public IEnumerable<string> PrimitiveNames => _primitives.Keys;
    public TypeSymbol? Primitive(string name) => _primitives.GetValueOrDefault(name);

    /// <summary>A type that is known to the compiler and usable without an import (2.14.3).</summary>
    public TypeSymbol? KnownLibraryType(string name) =>
        KindOf(name) is >= BuiltinType.Option and var kind && kind != BuiltinType.Vector ? _byKind[(int)kind] : null;

    /// <summary>Makes a standard module's declaration the meaning of a built-in name.</summary>
    public void Register(TypeSymbol declared)
    {
        var kind = KindOf(declared.Name);
        if (kind is BuiltinType.None) return;
        declared.Builtin = kind;
        _byKind[(int)kind] = declared;
    }

    /// <summary>Type names that no program may redefine (6.1.3).</summary>
    public static bool IsReserved(string name) =>
        KindOf(name) is not (BuiltinType.None or BuiltinType.List or BuiltinType.Map or BuiltinType.Set or BuiltinType.Vector
            or BuiltinType.Unique or BuiltinType.Ordering or BuiltinType.Range or BuiltinType.TypeValue or BuiltinType.Bytes);

    public static BuiltinType KindOf(string name) => name switch
    {
        "Type" => BuiltinType.TypeValue,
        "TypeValue" or "None" => BuiltinType.None,
        _ => char.IsAsciiLetterUpper(name.Length > 0 ? name[0] : ' ') && Enum.TryParse<BuiltinType>(name, out var kind) ? kind : BuiltinType.None,
    };

    private static string NameOf(BuiltinType kind) => kind == BuiltinType.TypeValue ? "Type" : kind.ToString();
    private static bool HasParameter(BuiltinType kind) => kind is BuiltinType.Ptr or BuiltinType.Range or BuiltinType.Unique or BuiltinType.TypeValue;
}
