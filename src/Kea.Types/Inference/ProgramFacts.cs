using System.Collections.Concurrent;

namespace Kea.Types.Inference;

/// <summary>What every body check of one program looks up: primitive types, library names, implementations by type.</summary>
/// <remarks>Shared by threads; everything in it is immutable or a cache whose entries are always the same.</remarks>
internal sealed class ProgramFacts
{
    private readonly Type?[] _primitives = new Type?[Enum.GetValues<BuiltinType>().Length];
    private readonly ConcurrentDictionary<TraitSymbol, Dictionary<object, ImmutableArray<ImplementationSymbol>>> _implementations = new();
    private readonly ConcurrentDictionary<ModuleSymbol, ConcurrentDictionary<string, Namespace>> _namespaces = new();
    private readonly Dictionary<string, ModuleSymbol> _standardModules = [];
    private readonly Dictionary<string, TraitSymbol> _standardTraits = [];

    private ProgramFacts(ProgramFacts same)
    {
        (Program, _primitives, _implementations, _namespaces, _standardModules, _standardTraits) =
            (same.Program, same._primitives, same._implementations, same._namespaces, same._standardModules, same._standardTraits);
        (OptionSymbol, ResultSymbol, ListSymbol) = (same.OptionSymbol, same.ResultSymbol, same.ListSymbol);
        (Int, Float, Bool, Char, String, Unit, Never, Atom) = (same.Int, same.Float, same.Bool, same.Char, same.String, same.Unit, same.Never, same.Atom);
    }

    public ProgramFacts(IBoundProgram program)
    {
        Program = program;
        foreach (var module in program.Modules)
        {
            if (module.Origin != ModuleOrigin.Standard) continue;
            _standardModules[module.Name] = module;
            foreach (var (name, trait) in module.Traits) _standardTraits.TryAdd(name, trait);
        }
        OptionSymbol = program.StandardType("Option", "Option");
        ResultSymbol = program.StandardType("Result", "Result");
        ListSymbol = program.StandardType("List", "List");
        Int = Of(BuiltinType.Int);
        Float = Of(BuiltinType.Float);
        Bool = Of(BuiltinType.Bool);
        Char = Of(BuiltinType.Char);
        String = Of(BuiltinType.String);
        Unit = Of(BuiltinType.Unit);
        Never = Of(BuiltinType.Never);
        Atom = Of(BuiltinType.Atom);
    }

    public IBoundProgram Program { get; }

    /// <summary>What names of functions mean.</summary>
    public FunctionTable Functions { get; private init; } = FunctionTable.AsBound;

    /// <summary>The same facts about a program with other functions.</summary>
    public ProgramFacts With(FunctionTable functions) => new(this) { Functions = functions };

    /// <summary>There while signatures are being completed; null from then on.</summary>
    public SignatureHoles? Holes { get; set; }
    public Type Int { get; }
    public Type Float { get; }
    public Type Bool { get; }
    public Type Char { get; }
    public Type String { get; }
    public Type Unit { get; }
    public Type Never { get; }
    public Type Atom { get; }
    public Type Error { get; } = new Type.Error();

    /// <summary>A primitive without parameters, always the same object.</summary>
    public Type Of(BuiltinType type) => _primitives[(int)type] ??= Program.Primitive(type).Plain;

    public TypeSymbol OptionSymbol { get; }
    public TypeSymbol ResultSymbol { get; }
    public TypeSymbol ListSymbol { get; }
    public Type Option(Type element) => new Type.Named(OptionSymbol, [element]);
    public Type Result(Type value, Type error) => new Type.Named(ResultSymbol, [value, error]);
    public Type List(Type element) => new Type.Named(ListSymbol, [element]);

    /// <summary>What one-name paths mean in a module; the same for all its bodies.</summary>
    public ConcurrentDictionary<string, Namespace> NamespacesOf(ModuleSymbol module) => _namespaces.GetOrAdd(module, static _ => new());

    public ModuleSymbol? StandardModule(string name) => _standardModules.GetValueOrDefault(name);

    /// <summary>A trait of the library by its name, if its module is part of the program.</summary>
    public TraitSymbol? Trait(string name) => _standardTraits.GetValueOrDefault(name);

    /// <summary>The implementations of a trait for a type constructor; for tuples, functions and records there are none.</summary>
    public ImmutableArray<ImplementationSymbol> Implementations(TraitSymbol trait, Type self)
    {
        var byHead = _implementations.GetOrAdd(trait, static (t, facts) => facts.Index(t), this);
        var head = Head(self);
        return head is not null && byHead.TryGetValue(head, out var found) ? found : [];
    }

    private Dictionary<object, ImmutableArray<ImplementationSymbol>> Index(TraitSymbol trait)
    {
        var index = new Dictionary<object, ImmutableArray<ImplementationSymbol>>(ReferenceEqualityComparer.Instance);
        foreach (var implementation in Program.ImplementationsOf(trait))
        {
            if (Head(implementation.Self) is not { } head) continue;
            index[head] = index.TryGetValue(head, out var others) ? others.Add(implementation) : [implementation];
        }
        return index;
    }

    private static object? Head(Type type) => type.Resolved is Type.Named named ? named.Symbol : null;

    /// <summary>The module whose functions are inherent methods of the type (2.1.7, 8.9), or null.</summary>
    public ModuleSymbol? HomeOf(TypeSymbol type)
    {
        if (type.Module is { } module) return module.LastSegment == type.Name ? module : null;
        return type.Builtin is BuiltinType.Int or BuiltinType.Float or BuiltinType.Char ? StandardModule(type.Name) : null;
    }
}
