using System.Collections.Immutable;
using System.Text;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>
/// A type without variables, with effect rows reduced to what changes code: whether a call can fail, and with what.
/// Interned by <see cref="ClosedTypes"/>, so equal types are one object, which also carries its representation.
/// </summary>
internal abstract class ClosedType
{
    private ClosedType(string name, ImmutableArray<ClosedType> parts)
    {
        Name = name;
        foreach (var part in parts)
        {
            Size += part.Size;
            Depth = Math.Max(Depth, part.Depth + 1);
        }
    }

    /// <summary>Types that it consists of, itself included.</summary>
    public int Size { get; } = 1;
    /// <summary>How deep types are nested in it.</summary>
    public int Depth { get; }

    /// <summary>Stable text that appears in instance names: <c>List(Int)</c>, <c>Tuple(Int, Shop.Item)</c>.</summary>
    public string Name { get; }

    /// <summary>The same type as the checker knows it, for look-ups of implementations.</summary>
    public required Type Source { get; init; }

    /// <summary>Filled by <see cref="Representation"/> when first asked for.</summary>
    internal RepresentationCache Cache { get; } = new();

    internal sealed class Nominal(TypeSymbol symbol, ImmutableArray<ClosedType> arguments, string name) : ClosedType(name, arguments)
    {
        public TypeSymbol Symbol { get; } = symbol;
        public ImmutableArray<ClosedType> Arguments { get; } = arguments;
        public BuiltinType Builtin => Symbol.Builtin;
    }

    internal sealed class Tuple(ImmutableArray<ClosedType> elements)
        : ClosedType($"Tuple({string.Join(", ", elements.Select(e => e.Name))})", elements)
    {
        public ImmutableArray<ClosedType> Elements { get; } = elements;
    }

    /// <summary>Labels are sorted.</summary>
    internal sealed class Record(ImmutableArray<string> labels, ImmutableArray<ClosedType> types) : ClosedType(RowName(labels, types), types)
    {
        public ImmutableArray<string> Labels { get; } = labels;
        public ImmutableArray<ClosedType> Types { get; } = types;
    }

    /// <param name="failure">The payload of Fail in the row, or null when a call cannot fail.</param>
    internal sealed class Function(ImmutableArray<ClosedType> parameters, ClosedType? failure, ClosedType result)
        : ClosedType($"fn({string.Join(", ", parameters.Select(p => p.Name))}) {(failure is null ? "->" : $"-[Fail {failure.Name}]>")} {result.Name}", [.. parameters, result])
    {
        public ImmutableArray<ClosedType> Parameters { get; } = parameters;
        public ClosedType? Failure { get; } = failure;
        public ClosedType Result { get; } = result;
    }

    /// <summary>What a row variable stands for: the labels of a record row, or the failure of an effect row.</summary>
    internal sealed class Row(ImmutableArray<string> labels, ImmutableArray<ClosedType> types, ClosedType? failure)
        : ClosedType(failure is null ? RowName(labels, types) : $"[Fail {failure.Name}]", failure is null ? types : [failure])
    {
        public ImmutableArray<string> Labels { get; } = labels;
        public ImmutableArray<ClosedType> Types { get; } = types;
        public ClosedType? Failure { get; } = failure;
        public bool IsEmpty => Labels.IsEmpty && Failure is null;
    }

    public BuiltinType BuiltinOrNone => this is Nominal nominal ? nominal.Builtin : BuiltinType.None;
    public bool IsNever => BuiltinOrNone == BuiltinType.Never;
    public bool IsUnit => BuiltinOrNone == BuiltinType.Unit;
    public bool IsString => BuiltinOrNone == BuiltinType.String;
    public override string ToString() => Name;

    private static string RowName(ImmutableArray<string> labels, ImmutableArray<ClosedType> types)
    {
        var text = new StringBuilder("{");
        for (var i = 0; i < labels.Length; i++) text.Append(i == 0 ? "" : ", ").Append(labels[i]).Append(": ").Append(types[i].Name);
        return text.Append('}').ToString();
    }
}

/// <summary>What the variables in scope of a body stand for.</summary>
internal sealed class TypeSubstitution(ImmutableArray<TypeVariable> variables, ImmutableArray<ClosedType> types, TypeSubstitution? outer)
{
    public static readonly TypeSubstitution Empty = new([], [], null);

    public ClosedType? Find(TypeVariable variable)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            for (var i = 0; i < scope.Variables.Length; i++)
                if (ReferenceEquals(scope.Variables[i], variable)) return scope.Types[i];
        return null;
    }

    private ImmutableArray<TypeVariable> Variables { get; } = variables;
    private ImmutableArray<ClosedType> Types { get; } = types;
    private TypeSubstitution? Outer { get; } = outer;
}
