using System.Collections.Immutable;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>What a path in type position names, without reporting anything.</summary>
internal static class TypeLookup
{
    /// <summary>Every candidate of the best rank; empty when there is none.</summary>
    /// <param name="hidden">True when the only candidate is another package's own.</param>
    public static ImmutableArray<TypeName> Find(PathName path, ModuleScope scope, ModuleTable table, TypeSymbol? owner, out bool hidden)
    {
        hidden = false;
        var parts = path.Parts;
        var first = Head(parts[0].Text, scope, owner);
        if (parts.Length == 1) return first;

        // A type with nested types, then the longest module name.
        if (first is [{ Type: { } outer }] && Nested(outer, parts.AsSpan()[1..], table) is { } nested) return [nested];
        var name = path.ToString();
        for (var length = parts.Length - 1; length > 0; length--)
        {
            name = name[..name.LastIndexOf('.')];
            if (scope.FindModule(name) is not { } module || !table.Contents.TryGetValue(module, out var contents)) continue;
            if (ModuleScope.TypeIn(contents, parts[length].Text) is not { } inModule) continue;
            TypeName? found = length == parts.Length - 1 ? inModule : inModule.Type is { } type ? Nested(type, parts.AsSpan()[(length + 1)..], table) : null;
            if (found is not { } item) continue;
            hidden = !scope.IsVisible(inModule.IsPublic, contents);
            return [item];
        }
        return [];
    }

    /// <summary>A single name: members of the structs around it first.</summary>
    private static ImmutableArray<TypeName> Head(string name, ModuleScope scope, TypeSymbol? owner)
    {
        for (var around = owner; around is not null; around = around.Outer)
        {
            if (around.NestedTypes.TryGetValue(name, out var inner)) return [new TypeName(inner, null)];
            if (scope.Contents.Aliases.Count > 0 && scope.Contents.Aliases.TryGetValue($"{around.Name}.{name}", out var alias)) return [new TypeName(null, alias)];
        }
        return scope.TypeNames(name);
    }

    private static TypeName? Nested(TypeSymbol outer, ReadOnlySpan<Name> path, ModuleTable table)
    {
        var type = outer;
        for (var i = 0; i < path.Length; i++)
        {
            if (type.NestedTypes.TryGetValue(path[i].Text, out var inner))
            {
                type = inner;
                continue;
            }
            var isLast = i == path.Length - 1;
            return isLast && type.Module is { } module && table.Contents[module].Aliases.TryGetValue($"{type.Name}.{path[i].Text}", out var alias) ? new TypeName(null, alias) : null;
        }
        return new TypeName(type, null);
    }

    /// <summary>An Upper name that may be a type variable: one capital letter, then digits, or <c>_</c> with lower-case letters or digits (2.14.2).</summary>
    public static bool IsVariableShape(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0])) return false;
        if (name.Length == 1) return true;
        var rest = name.AsSpan(1);
        return rest[0] == '_' ? rest.Length > 1 && rest[1..].IndexOfAnyExcept(LowerOrDigit) < 0 : rest.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static readonly System.Buffers.SearchValues<char> LowerOrDigit = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");
}
