using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Driver.Live;

/// <summary>
/// The code of a version in the making: another version's, with functions put in, and without what nothing reaches any more. Costs
/// what is put in and taken out, however much there is around it.
/// </summary>
internal sealed class CodeEdit(LiveCode start)
{
    public const string TurnPrefix = "Live.turn[";

    private readonly ImmutableDictionary<FunctionId, CodeFunction>.Builder _functions = start.Functions.ToBuilder();
    private readonly ImmutableDictionary<FunctionId, ImmutableHashSet<FunctionId>>.Builder _users = start.Users.ToBuilder();
    private readonly ImmutableDictionary<FunctionId, LoweredInstance>.Builder _instances = start.Instances.ToBuilder(), _values = start.Values.ToBuilder();
    private readonly ImmutableDictionary<string, ImmutableArray<FunctionId>>.Builder _byDeclaration = start.ByDeclaration.ToBuilder();
    private readonly ImmutableDictionary<string, FunctionId>.Builder _turns = start.Turns.ToBuilder();
    private readonly ImmutableDictionary<string, Kea.Types.Type>.Builder _states = start.States.ToBuilder();
    private readonly HashSet<FunctionId> _touched = [], _suspects = [], _roots = [];

    public bool Has(FunctionId id) => _functions.ContainsKey(id);
    public CodeFunction this[FunctionId id] => _functions[id];
    public Kea.Types.Type StateOf(string name) => _states[name];

    /// <summary>Functions that have been put in, and are still there once it is done.</summary>
    public IEnumerable<FunctionId> Touched => _touched;

    /// <summary>What runs around reloads, which stays.</summary>
    public CodeHooks Hooks
    {
        get;
        set
        {
            _suspects.UnionWith(field.Entries);
            field = value;
        }
    } = start.Hooks;

    /// <param name="lowered">What the functions are; null for those that no declaration stands for.</param>
    public void Put(IEnumerable<MirFunction> functions, LoweredProgram? lowered = null)
    {
        foreach (var function in functions) Put(CodeFunction.Of(function));
        if (lowered is null) return;
        foreach (var instance in lowered.Instances) Name(_instances, instance);
        foreach (var value in lowered.Values) Name(_values, value);
        foreach (var (name, type) in lowered.States) _states[name] = type;
    }

    /// <summary>Functions of another version that this one has not; what they use has to be put in as well.</summary>
    public void Put(IEnumerable<FunctionId> ids, LiveCode from)
    {
        foreach (var id in ids)
        {
            Put(from.Functions[id]);
            if (from.Instances.TryGetValue(id, out var instance)) Name(_instances, instance);
            if (from.Values.TryGetValue(id, out var value)) Name(_values, value);
        }
        foreach (var (name, type) in from.States) _states.TryAdd(name, type);
    }

    public void AddState(string name, Kea.Types.Type type) => _states[name] = type;

    /// <summary>Types of state as the new version knows them, where it does.</summary>
    public void Transfer(Kea.Types.TypeTransfer transfer)
    {
        foreach (var (name, type) in start.States)
            if (transfer.Of(type) is { } now) _states[name] = now;
    }

    /// <summary>Functions that stay besides what the entry reaches.</summary>
    public void Keep(params IEnumerable<FunctionId> roots) => _roots.UnionWith(roots);

    /// <summary>The code as it stands, without looking for what nothing reaches.</summary>
    public LiveCode Done() => new(start.Entry)
    {
        Functions = _functions.ToImmutable(), Users = _users.ToImmutable(), Instances = _instances.ToImmutable(), Values = _values.ToImmutable(),
        ByDeclaration = _byDeclaration.ToImmutable(), Turns = _turns.ToImmutable(), States = _states.ToImmutable(), Hooks = Hooks,
    };

    /// <summary>Takes out what neither the entry nor a kept function reaches.</summary>
    /// <returns>What was there at the start and is not any more.</returns>
    public ImmutableArray<FunctionId> TakeOutUnreached()
    {
        var gone = ImmutableArray.CreateBuilder<FunctionId>();
        var alive = new HashSet<FunctionId>([.. _roots, .. Hooks.Entries]) { start.Entry };
        var open = new Stack<FunctionId>(_suspects);
        while (open.TryPop(out var suspect))
        {
            if (!Has(suspect) || DeadAncestors(suspect, alive) is not { } dead) continue;
            foreach (var id in dead)
                foreach (var used in TakeOut(id))
                    if (!dead.Contains(used)) open.Push(used);
            gone.AddRange(dead.Where(start.Functions.ContainsKey));
        }
        return gone.DrainToImmutable();
    }

    /// <summary>Whoever leads to a function, itself included, if none of them is alive; else null, and the function is.</summary>
    /// <remarks>What is alive is found to be so on the first way up to an entry that does not end.</remarks>
    private HashSet<FunctionId>? DeadAncestors(FunctionId function, HashSet<FunctionId> alive)
    {
        var seen = new HashSet<FunctionId> { function };
        var open = new Stack<FunctionId>(seen);
        while (open.TryPop(out var next))
        {
            if (alive.Contains(next))
            {
                alive.Add(function);
                return null;
            }
            if (!_users.TryGetValue(next, out var users)) continue;
            foreach (var user in users)
                if (seen.Add(user)) open.Push(user);
        }
        return seen;
    }

    private void Put(CodeFunction function)
    {
        var id = function.Lowered.Id;
        var before = _functions.TryGetValue(id, out var old) ? old.Uses : [];
        foreach (var used in before)
            if (!function.Uses.Contains(used)) Unuse(used, id);
        foreach (var used in function.Uses)
            _users[used] = _users.GetValueOrDefault(used, ImmutableHashSet<FunctionId>.Empty).Add(id);
        if (old is null) _suspects.Add(id);
        _functions[id] = function;
        _touched.Add(id);
        if (function.Lowered.Name.StartsWith(TurnPrefix, StringComparison.Ordinal)) _turns[function.Lowered.Name] = id;
    }

    private void Unuse(FunctionId used, FunctionId user)
    {
        _suspects.Add(used);
        if (!_users.TryGetValue(used, out var users)) return;
        users = users.Remove(user);
        if (users.IsEmpty) _users.Remove(used);
        else _users[used] = users;
    }

    private void Name(ImmutableDictionary<FunctionId, LoweredInstance>.Builder kind, LoweredInstance instance)
    {
        kind[instance.Id] = instance;
        var name = instance.Symbol.QualifiedName;
        var ids = _byDeclaration.GetValueOrDefault(name, []);
        if (!ids.Contains(instance.Id)) _byDeclaration[name] = ids.Add(instance.Id);
    }

    /// <returns>What it used.</returns>
    private ImmutableArray<FunctionId> TakeOut(FunctionId id)
    {
        var function = _functions[id];
        _functions.Remove(id);
        _users.Remove(id);
        _touched.Remove(id);
        if (_turns.TryGetValue(function.Lowered.Name, out var turn) && turn == id) _turns.Remove(function.Lowered.Name);
        Unname(_instances, id);
        Unname(_values, id);
        foreach (var used in function.Uses) Unuse(used, id);
        return function.Uses;
    }

    private void Unname(ImmutableDictionary<FunctionId, LoweredInstance>.Builder kind, FunctionId id)
    {
        if (!kind.TryGetValue(id, out var instance)) return;
        kind.Remove(id);
        var name = instance.Symbol.QualifiedName;
        var ids = _byDeclaration.GetValueOrDefault(name, []).Remove(id);
        if (ids.IsEmpty) _byDeclaration.Remove(name);
        else _byDeclaration[name] = ids;
    }
}

/// <summary>From the code of the version in force to that of another.</summary>
/// <param name="Touched">Functions of the new code that may be others than before; all that are not among them are the same.</param>
/// <param name="Removed">Functions of the old code that the new one has not.</param>
internal sealed record CodeChange(LiveCode Before, LiveCode After, ImmutableArray<FunctionId> Touched, ImmutableArray<FunctionId> Removed)
{
    /// <summary>
    /// The functions that are new or do something else than in the code before. A function and its lambdas change together: what
    /// one makes the other runs.
    /// </summary>
    public ImmutableArray<MirFunction> Changed { get; } = Differences(Before, After, Touched);

    private static ImmutableArray<MirFunction> Differences(LiveCode before, LiveCode after, ImmutableArray<FunctionId> touched)
    {
        var families = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in touched)
        {
            var function = after.Functions[id];
            if (!before.Functions.TryGetValue(id, out var old) || (!ReferenceEquals(old, function) && old.Text != function.Text)) families.Add(Lambdas.RootOf(function.Lowered.Name));
        }
        return [.. touched.Select(id => after.Functions[id].Lowered).Where(f => families.Contains(Lambdas.RootOf(f.Name))).OrderBy(f => f.Id.Index)];
    }
}
