using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>
/// Which code of a version in force is made anew for another version: that of some declared functions, at all types that they are
/// used at. What they need besides is made as it falls out.
/// </summary>
internal sealed class LowerAgain(LiveCode code, CheckedProgram after)
{
    private readonly List<(FunctionSymbol, ImmutableArray<Type>)> _roots = [];
    private readonly HashSet<FunctionId> _ids = [];
    private readonly Lazy<Dictionary<string, FunctionSymbol>> _current = new(() => FunctionsOf(after));
    private readonly Lazy<Dictionary<string, FunctionId>> _byName = new(() => code.Functions.ToDictionary(f => f.Value.Lowered.Name, f => f.Key, StringComparer.Ordinal));

    public TypeTransfer Transfer { get; } = new(after);

    public LoweringRoots Roots => new LoweringRoots.Functions([.. _roots]);

    /// <summary>Something has to be made anew that no declared function stands for.</summary>
    public bool TakesEverything { get; private set; }

    /// <summary>Whether a function's code stays as it is.</summary>
    public bool HasBody(FunctionId id) => code.Functions.ContainsKey(id) && !_ids.Contains(id);

    /// <param name="name">The function's qualified name.</param>
    /// <param name="now">The function in the other version; null if it is gone.</param>
    /// <param name="isReplaced">Others see it differently, so that its code as a value is another one too.</param>
    public void Add(string name, FunctionSymbol? now, bool isReplaced)
    {
        foreach (var id in code.ByDeclaration.GetValueOrDefault(name, []))
        {
            if (code.Instances.TryGetValue(id, out var instance)) Add(instance, now);
            else if (isReplaced) _ids.Add(id);
        }
    }

    // With another signature it is another function, but it may have the number that it had.
    private void Add(LoweredInstance instance, FunctionSymbol? now)
    {
        if (!_ids.Add(instance.Id)) return;
        if (now is not null && now.TypeVariables.Select(v => v.Kind).SequenceEqual(instance.Symbol.TypeVariables.Select(v => v.Kind)) && Transfer.All(instance.Arguments) is { } arguments && CanBeAt(now, arguments)) _roots.Add((now, arguments));
    }

    /// <summary>Where a type has lost an implementation nobody uses the function at it, but the code in force still has it.</summary>
    private bool CanBeAt(FunctionSymbol function, ImmutableArray<Type> arguments)
    {
        if (function is { OwnerImplementation: null, OwnerTrait: { } trait } && !after.Implements(trait, arguments[0])) return false;
        foreach (var bound in function.Bounds.Concat(function.OwnerImplementation?.Bounds ?? []))
            if (function.TypeVariables.IndexOf(bound.Variable) is var at and >= 0 && !(after.Implements(bound.Trait, arguments[at]) && bound.Equations.All(e => IsMember(arguments[at], bound.Trait, e.Member, e.Type)))) return false;
        foreach (var bound in function.RowBounds)
            if (function.TypeVariables.IndexOf(bound.Variable) is var at and >= 0 && !bound.Fields.Entries.All(field => HasField(arguments[at], field))) return false;
        return true;
    }

    private bool IsMember(Type type, TraitSymbol trait, string member, Type expected) => TypeEquality.Same(after.Normalize(new Type.Projection(type, trait, member)), expected);

    /// <summary>Whether it is plain to see; what is not is made where it falls out.</summary>
    private static bool HasField(Type type, RowEntry field) => type.Resolved switch
    {
        Type.Named(var symbol, []) => symbol.Fields.Any(f => f.Name == field.Label && TypeEquality.Same(f.Type, field.Payload)),
        Type.Record(var row) => row.Entries.Any(e => e.Label == field.Label && TypeEquality.Same(e.Payload, field.Payload)),
        _ => false,
    };

    /// <summary>The functions that compute consts; they are made anew with whoever uses them.</summary>
    /// <param name="consts">Qualified names.</param>
    public void AddConsts(ImmutableHashSet<string> consts)
    {
        if (consts.IsEmpty) return;
        foreach (var (id, function) in code.Functions)
            if (consts.Contains(Lambdas.RootOf(function.Lowered.Name))) _ids.Add(id);
    }

    /// <summary>Whoever calls methods of some implementations, defaults of their traits included: these calls may lead to others now.</summary>
    public void AddDispatches(ImmutableHashSet<ImplementationKey> implementations)
    {
        if (implementations.IsEmpty) return;
        foreach (var (id, instance) in code.Instances)
        {
            if (ImplementationKey.Of(instance) is not { } key || !implementations.Contains(key)) continue;
            foreach (var user in code.Users.GetValueOrDefault(id, [])) AddUser(user);
        }
    }

    private void AddUser(FunctionId user)
    {
        if (code.Values.ContainsKey(user)) _ids.Add(user);
        else if (code.Instances.TryGetValue(user, out var instance)) Add(instance, _current.Value.GetValueOrDefault(instance.Symbol.QualifiedName));
        else if (_byName.Value.TryGetValue(Lambdas.RootOf(code.Functions[user].Lowered.Name), out var root) && root != user) AddUser(root);
        else TakesEverything = true;
    }

    /// <summary>Whether some of the code that was to be made anew has not been, and is used all the same.</summary>
    public bool IsLeftBehind(CodeEdit edit)
    {
        var touched = edit.Touched.ToHashSet();
        return _ids.Any(id => edit.Has(id) && !touched.Contains(id));
    }

    private static Dictionary<string, FunctionSymbol> FunctionsOf(CheckedProgram program)
    {
        var functions = new Dictionary<string, FunctionSymbol>(StringComparer.Ordinal);
        foreach (var function in program.ProjectFunctions.Concat(program.Modules.Where(m => m.Origin == ModuleOrigin.Standard).SelectMany(FunctionsOf))) functions.TryAdd(function.QualifiedName, function);
        return functions;
    }

    private static IEnumerable<FunctionSymbol> FunctionsOf(ModuleSymbol module) =>
        [.. module.Functions.Values, .. module.Types.Values.SelectMany(t => t.Methods.Values), .. module.Traits.Values.SelectMany(t => t.Methods.Values), .. module.Implementations.SelectMany(i => i.Methods.Values)];
}
