using System.Collections.Immutable;

namespace Kea.Types;

/// <summary>Visits every part of a type, the whole first, solved metas looked through.</summary>
public static class TypeWalk
{
    public static void Visit(Type type, Action<Type> visit)
    {
        type = type.Resolved;
        visit(type);
        switch (type)
        {
            case Type.Named named: All(named.Arguments, visit); break;
            case Type.Function function:
                All(function.Parameters, visit);
                Visit(function.Effects, visit);
                Visit(function.Result, visit);
                break;
            case Type.Tuple(var elements): All(elements, visit); break;
            case Type.Record(var row): Visit(row, visit); break;
            case Type.RowArgument(var row): Visit(row, visit); break;
            case Type.Forall forall: Visit(forall.Body, visit); break;
            case Type.Projection projection: Visit(projection.Base, visit); break;
            case Type.Variable or Type.Meta or Type.Error: break;
        }
    }

    public static void Visit(Row row, Action<Type> visit)
    {
        foreach (var entry in row.Entries) Visit(entry.Payload, visit);
        if (row.Tail is not null) Visit(row.Tail, visit);
    }

    public static bool Any(Type type, Func<Type, bool> test)
    {
        var found = false;
        Visit(type, t => found |= test(t));
        return found;
    }

    public static bool Mentions(Type type, TypeVariable variable) => Any(type, t => t is Type.Variable(var other) && ReferenceEquals(other, variable));
    public static bool Mentions(Type type, BuiltinType builtin) => Any(type, t => t is Type.Named { Symbol.Builtin: var kind } && kind == builtin);

    private static void All(ImmutableArray<Type> types, Action<Type> visit)
    {
        foreach (var type in types) Visit(type, visit);
    }

    /// <summary>Supertraits of supertraits too, each once; the trait itself is not among them. Terminates on circular declarations.</summary>
    public static IEnumerable<TraitSymbol> AllSupertraits(this TraitSymbol trait)
    {
        if (trait.Supertraits.IsEmpty) return [];
        var found = new List<TraitSymbol>();
        Add(trait, found);
        found.Remove(trait);
        return found;
    }

    private static void Add(TraitSymbol trait, List<TraitSymbol> found)
    {
        foreach (var super in trait.Supertraits)
        {
            if (found.Contains(super)) continue;
            found.Add(super);
            Add(super, found);
        }
    }
}
