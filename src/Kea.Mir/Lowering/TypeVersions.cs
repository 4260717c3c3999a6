using System.Collections.Immutable;
using System.Text;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>
/// Numbers the shapes that a type has had while a program was changed: the first shape seen is version 1, and a shape that
/// comes back gets the number it had. The number is part of a type's closed name, so whatever is named after a type (instances,
/// layouts, signatures) is something else when the type looks different, and the same again when it does not.
/// </summary>
/// <remarks>
/// A shape is the definition of the type and of all types that it reaches: what a pointer to an old list of an old struct leads to is
/// as much part of it as its own fields.
/// </remarks>
public sealed class TypeVersions
{
    private readonly Dictionary<string, List<string>> _shapes = new(StringComparer.Ordinal);

    /// <summary>The version of a type as one program defines it.</summary>
    public int Of(TypeSymbol symbol)
    {
        if (symbol.Module is not { Origin: ModuleOrigin.Project } module) return 1;
        var name = $"{module.Name}.{symbol.Name}";
        var shape = ShapeOf(symbol);
        if (!_shapes.TryGetValue(name, out var known)) _shapes.Add(name, known = []);
        var at = known.IndexOf(shape);
        if (at >= 0) return at + 1;
        known.Add(shape);
        return known.Count;
    }

    /// <summary>The definitions that a type consists of, as a text that says the same exactly when they are the same.</summary>
    public static string ShapeOf(TypeSymbol symbol)
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var open = new Stack<TypeSymbol>([symbol]);
        var seen = new HashSet<TypeSymbol> { symbol };
        while (open.TryPop(out var next))
        {
            var text = new StringBuilder();
            WriteDefinition(next, text, mentioned =>
            {
                if (mentioned.Module is { Origin: ModuleOrigin.Project } && seen.Add(mentioned)) open.Push(mentioned);
            });
            parts[FullName(next)] = text.ToString();
        }
        return string.Join('\n', parts.Values);
    }

    private static string FullName(TypeSymbol symbol) => symbol.Module is { } module ? $"{module.Name}.{symbol.Name}" : symbol.Name;

    private static void WriteDefinition(TypeSymbol symbol, StringBuilder to, Action<TypeSymbol> mention)
    {
        to.Append(symbol.Kind).Append(symbol.IsUnboxed ? " unboxed " : " ").Append(FullName(symbol));
        foreach (var parameter in symbol.Parameters) to.Append(' ').Append(parameter.Kind);
        to.Append(" {");
        // The order of a boxed struct's fields in the source changes nothing in memory.
        foreach (var field in symbol.IsUnboxed ? symbol.Fields : symbol.Fields.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name))) Write(field.Type, symbol, to.Append(field.Name).Append(": "), mention).Append(", ");
        foreach (var variant in symbol.Variants)
        {
            to.Append(variant.Name).Append('(');
            foreach (var (name, type) in variant.Fields) Write(type, symbol, to.Append(name ?? "_").Append(": "), mention).Append(", ");
            foreach (var (parameter, type) in variant.Equations) Write(type, symbol, to.Append(symbol.Parameters.IndexOf(parameter)).Append(" = "), mention).Append(", ");
            to.Append(") ");
        }
        if (symbol.Representation is { } wrapped) Write(wrapped, symbol, to.Append("= "), mention);
        to.Append('}');
    }

    private static StringBuilder Write(Type type, TypeSymbol owner, StringBuilder to, Action<TypeSymbol> mention)
    {
        switch (type.Resolved)
        {
            case Type.Named(var symbol, var arguments):
                mention(symbol);
                to.Append(FullName(symbol));
                return arguments.IsEmpty ? to : WriteAll(arguments, owner, to, mention);
            case Type.Variable(var variable): return to.Append('#').Append(owner.Parameters.IndexOf(variable)).Append(variable.Name);
            case Type.Function(var parameters, var effects, var result):
                WriteAll(parameters, owner, to.Append("fn"), mention);
                return Write(result, owner, WriteRow(effects, owner, to.Append(" -"), mention).Append("> "), mention);
            case Type.Tuple(var elements): return WriteAll(elements, owner, to, mention);
            case Type.Record(var row): return WriteRow(row, owner, to, mention);
            case Type.RowArgument(var row): return WriteRow(row, owner, to, mention);
            case Type.Forall(_, var body): return Write(body, owner, to.Append("forall "), mention);
            case Type.Projection(var of, var trait, var member): return Write(of, owner, to, mention).Append('.').Append(trait.Name).Append('.').Append(member);
            case Type.Meta or Type.Error: return to.Append('?');
        }
        return to;
    }

    private static StringBuilder WriteAll(ImmutableArray<Type> types, TypeSymbol owner, StringBuilder to, Action<TypeSymbol> mention)
    {
        to.Append('(');
        foreach (var type in types) Write(type, owner, to, mention).Append(", ");
        return to.Append(')');
    }

    private static StringBuilder WriteRow(Row row, TypeSymbol owner, StringBuilder to, Action<TypeSymbol> mention)
    {
        to.Append('{');
        foreach (var entry in row.Entries) Write(entry.Payload, owner, to.Append(entry.Label).Append(": "), mention).Append(", ");
        if (row.Tail is { } tail) Write(tail, owner, to.Append("| "), mention);
        return to.Append('}');
    }
}
