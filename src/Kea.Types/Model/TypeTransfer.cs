using System.Collections.Immutable;

namespace Kea.Types;

/// <summary>A type of one version of a program as another version knows it: the same names, other symbols.</summary>
/// <param name="target">The version that gets to know types of any other.</param>
public sealed class TypeTransfer(CheckedProgram target)
{
    private readonly Dictionary<(string Name, ModuleOrigin Origin), ModuleSymbol> _modules = target.Modules.ToDictionary(m => (m.Name, m.Origin));

    /// <param name="type">Without variables.</param>
    /// <returns>Null when a type in it does not exist there, or takes other arguments.</returns>
    public Type? Of(Type type)
    {
        switch (type.Resolved)
        {
            case Type.Named(var symbol, var arguments):
                if (Find(symbol) is not { } found || found.Parameters.Length != symbol.Parameters.Length) return null;
                return All(arguments) is { } moved ? new Type.Named(found, moved) : null;
            case Type.Tuple(var elements): return All(elements) is { } parts ? new Type.Tuple(parts) : null;
            case Type.Record(var row): return RowOf(row) is { } fields ? new Type.Record(fields) : null;
            case Type.RowArgument(var row): return RowOf(row) is { } argument ? new Type.RowArgument(argument) : null;
            case Type.Function(var parameters, var effects, var result):
                return All(parameters) is { } takes && RowOf(effects) is { } row2 && Of(result) is { } gives ? new Type.Function(takes, row2, gives) : null;
            default: return null;
        }
    }

    public ImmutableArray<Type>? All(ImmutableArray<Type> types)
    {
        var moved = ImmutableArray.CreateBuilder<Type>(types.Length);
        foreach (var type in types)
        {
            if (Of(type) is not { } one) return null;
            moved.Add(one);
        }
        return moved.MoveToImmutable();
    }

    private Row? RowOf(Row row)
    {
        var entries = ImmutableArray.CreateBuilder<RowEntry>(row.Entries.Length);
        foreach (var entry in row.Entries)
        {
            if (Of(entry.Payload) is not { } payload) return null;
            entries.Add(entry with { Payload = payload });
        }
        if (row.Tail is null) return new Row(entries.MoveToImmutable(), null);
        return Of(row.Tail) is { } tail ? new Row(entries.MoveToImmutable(), tail) : null;
    }

    private TypeSymbol? Find(TypeSymbol symbol)
    {
        if (symbol.Module is not { } module) return symbol.Builtin == BuiltinType.None ? null : target.Primitive(symbol.Builtin);
        if (!_modules.TryGetValue((module.Name, module.Origin), out var now)) return null;
        if (ReferenceEquals(now, module)) return symbol;
        // Types inside others are called after them: `Shape.Kind`.
        TypeSymbol? found = null;
        foreach (var name in symbol.Name.Split('.'))
            if ((found = (found?.NestedTypes ?? now.Types).GetValueOrDefault(name)) is null || !ReferenceEquals(found.Module, now)) return null;
        return found;
    }
}
