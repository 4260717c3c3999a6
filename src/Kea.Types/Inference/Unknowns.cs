namespace Kea.Types.Inference;

/// <summary>Makes the unknowns of one body and remembers them, so that what nothing determines can be settled at its end.</summary>
internal sealed class Unknowns
{
    private readonly List<MetaVariable> _all = [];

    /// <summary>Depth of generalising <c>let</c>s around the place that is being checked.</summary>
    public int Level { get; set; }

    public IReadOnlyList<MetaVariable> All => _all;

    public Type.Meta Fresh(VariableKind kind)
    {
        var cell = new MetaVariable(_all.Count, kind) { Level = Level };
        _all.Add(cell);
        return new Type.Meta(cell);
    }

    public Type.Meta Fresh() => Fresh(VariableKind.Type);

    /// <summary>One fresh unknown for each quantified variable.</summary>
    public ImmutableArray<Type> FreshFor(ImmutableArray<TypeVariable> variables)
    {
        if (variables.IsEmpty) return [];
        var fresh = new Type[variables.Length];
        for (var i = 0; i < fresh.Length; i++)
        {
            var meta = Fresh(variables[i].Kind);
            if (variables[i].Lacks.Count > 0) meta.Cell.Lacks = [.. variables[i].Lacks];
            fresh[i] = meta;
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(fresh);
    }
}
