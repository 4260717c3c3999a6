using System.Collections.Immutable;
using System.Text;

namespace Kea.Mir;

/// <summary>
/// The numbered tables that outlive one lowering: layouts, aggregates, enums and functions. Equal content gets the number it
/// had before, so code that was lowered earlier and code lowered later agree; what changed gets a new one and the old stays.
/// </summary>
/// <remarks>One thread lowers at a time; the tables may be read meanwhile through <see cref="Snapshot"/>'s copies only.</remarks>
public sealed class LoweringSession
{
    private readonly List<Layout> _layouts = [];
    private readonly List<AggregateType> _aggregates = [];
    private readonly List<EnumLayout> _enums = [];
    private readonly List<MirSignature> _signatures = [];
    private readonly Dictionary<string, LayoutId> _layoutIds = [];
    private readonly Dictionary<string, AggregateId> _aggregateIds = [];
    private readonly Dictionary<string, EnumId> _enumIds = [];
    private readonly Dictionary<string, FunctionId> _functionIds = [];

    /// <summary>The layout that all strings share; the runtime knows it by number 0.</summary>
    public LayoutId StringLayout { get; }

    /// <param name="isReloadable">The program may be changed while it runs: types have versions, and every lambda is an object that counts.</param>
    public LoweringSession(bool isReloadable = false)
    {
        StringLayout = Layout("String", LayoutKind.String, 0, []);
        if (isReloadable) Versions = new TypeVersions();
    }

    /// <summary>Where lowering runs.</summary>
    internal DeepStack Stack { get; } = new();

    /// <summary>Null for programs that do not change.</summary>
    public TypeVersions? Versions { get; }

    public bool IsReloadable => Versions is not null;

    /// <summary>How often the body of a function has been another one; names of lambdas depend on it, so that those of different bodies are not taken for one.</summary>
    public Dictionary<string, int> BodyVersions { get; } = new(StringComparer.Ordinal);

    public Layout this[LayoutId id] => _layouts[id.Index];
    public AggregateType this[AggregateId id] => _aggregates[id.Index];
    public EnumLayout this[EnumId id] => _enums[id.Index];
    public MirSignature this[FunctionId id] => _signatures[id.Index];

    public int LayoutCount => _layouts.Count;

    public LayoutId Layout(string name, LayoutKind kind, int tag, ImmutableArray<MirType> fields)
    {
        var key = Key($"{name}#{(int)kind}#{tag}", fields);
        if (_layoutIds.TryGetValue(key, out var id)) return id;
        _layoutIds.Add(key, id = new LayoutId(_layouts.Count));
        _layouts.Add(new Layout(id, name, kind, tag, fields));
        return id;
    }

    public AggregateId Aggregate(string name, ImmutableArray<MirType> fields)
    {
        var key = Key(name, fields);
        if (_aggregateIds.TryGetValue(key, out var id)) return id;
        _aggregateIds.Add(key, id = new AggregateId(_aggregates.Count));
        _aggregates.Add(new AggregateType(id, name, fields));
        return id;
    }

    public EnumId Enum(string name, ImmutableArray<LayoutId?> variants)
    {
        var key = new StringBuilder(name);
        foreach (var variant in variants) key.Append('#').Append(variant?.Index ?? -1);
        if (_enumIds.TryGetValue(key.ToString(), out var id)) return id;
        _enumIds.Add(key.ToString(), id = new EnumId(_enums.Count));
        _enums.Add(new EnumLayout(id, name, variants));
        return id;
    }

    /// <summary>The number of a function with this name, signature and ABI. Who names it first decides its module.</summary>
    public FunctionId Function(string name, string module, ImmutableArray<(MirType Type, Ownership Ownership)> parameters, MirType result, bool isClosureCode, string abi = "")
    {
        var key = new StringBuilder(name).Append(isClosureCode ? "#closure" : "#");
        foreach (var (type, ownership) in parameters) Append(key.Append(ownership == Ownership.Borrowed ? "&" : ","), type);
        Append(key.Append("->"), result);
        key.Append(abi);
        if (_functionIds.TryGetValue(key.ToString(), out var id)) return id;
        _functionIds.Add(key.ToString(), id = new FunctionId(_signatures.Count));
        _signatures.Add(new MirSignature(id, name, module, parameters, result, isClosureCode) { Abi = abi });
        return id;
    }

    /// <summary>The tables as they are now, around the given functions.</summary>
    public MirProgram Snapshot(ImmutableArray<MirFunction> functions, FunctionId? entry) =>
        new([.. _layouts], [.. _aggregates], [.. _enums], [.. _signatures], functions, entry);

    /// <summary>Lengths of the tables.</summary>
    public readonly record struct Mark(int Layouts, int Aggregates, int Enums, int Functions);

    public Mark Here => new(_layouts.Count, _aggregates.Count, _enums.Count, _signatures.Count);

    /// <summary>Forgets what has been numbered since; nothing that is used may refer to it.</summary>
    public void GoBackTo(Mark mark)
    {
        Cut(_layouts, _layoutIds, mark.Layouts, id => id.Index);
        Cut(_aggregates, _aggregateIds, mark.Aggregates, id => id.Index);
        Cut(_enums, _enumIds, mark.Enums, id => id.Index);
        Cut(_signatures, _functionIds, mark.Functions, id => id.Index);

        static void Cut<TRow, TId>(List<TRow> rows, Dictionary<string, TId> ids, int length, Func<TId, int> indexOf)
        {
            if (rows.Count == length) return;
            rows.RemoveRange(length, rows.Count - length);
            foreach (var key in ids.Where(i => indexOf(i.Value) >= length).Select(i => i.Key).ToArray()) ids.Remove(key);
        }
    }

    private static string Key(string head, ImmutableArray<MirType> fields)
    {
        var key = new StringBuilder(head);
        foreach (var field in fields) Append(key.Append(','), field);
        return key.ToString();
    }

    private static void Append(StringBuilder key, MirType type) => _ = type switch
    {
        MirType.Int(var bits) => key.Append('i').Append(bits),
        MirType.Bool => key.Append('b'),
        MirType.Float(var bits) => key.Append('f').Append(bits),
        MirType.Pointer => key.Append('p'),
        MirType.Unit => key.Append('u'),
        MirType.Reference(var immediate, var nullable) => key.Append('r').Append(immediate ? "~" : "").Append(nullable ? "?" : ""),
        MirType.Aggregate(var id) => key.Append('a').Append(id.Index),
        MirType.Token => key.Append('t'),
    };
}
