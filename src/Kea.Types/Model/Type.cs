using System.Collections.Immutable;

namespace Kea.Types;

/// <summary>A type after names are resolved and aliases expanded.</summary>
/// <remarks>
/// A tree handed to later phases may hold <see cref="Meta"/> nodes, but only solved ones: look through them with
/// <see cref="Resolved"/>. Compare with <see cref="TypeEquality"/>; the records' own equality looks at array identity.
/// </remarks>
public abstract record Type
{
    private Type() { }

    /// <summary>A primitive, struct, enum or opaque type at arguments; rows as arguments are <see cref="RowArgument"/>.</summary>
    public sealed record Named(TypeSymbol Symbol, ImmutableArray<Type> Arguments) : Type;

    /// <summary>A quantified variable of the signature (of kind type, record row or effect row).</summary>
    public sealed record Variable(TypeVariable Symbol) : Type;

    /// <summary>A type or row that inference has still to find.</summary>
    public sealed record Meta(MetaVariable Cell) : Type;
    public sealed record Function(ImmutableArray<Type> Parameters, Row Effects, Type Result) : Type;
    public sealed record Tuple(ImmutableArray<Type> Elements) : Type;
    public sealed record Record(Row Row) : Type;

    /// <summary>A row in a type argument position: what a row or effect variable stands for.</summary>
    public sealed record RowArgument(Row Row) : Type;
    public sealed record Forall(ImmutableArray<TypeVariable> Variables, Type Body) : Type;

    /// <summary><c>a.Item</c> for a type that is not known yet.</summary>
    public sealed record Projection(Type Base, TraitSymbol Trait, string Member) : Type;

    /// <summary>The type of what could not be typed; fits everything, so that one mistake gives one message.</summary>
    public sealed record Error : Type;

    /// <summary>The type itself with solved metas at the top looked through.</summary>
    public Type Resolved
    {
        get
        {
            var type = this;
            while (type is Meta { Cell.Solution: { } solution }) type = solution;
            return type;
        }
    }
}

/// <summary>A record row or effect row: labelled entries sorted by label, without duplicates, and a tail.</summary>
/// <param name="Tail">Null when closed; else a Variable, Meta, or a RowArgument that a solved tail leads to.</param>
public sealed record Row(ImmutableArray<RowEntry> Entries, Type? Tail)
{
    public static readonly Row Empty = new([], null);
    public bool IsEmpty => Entries.IsEmpty && Tail is null;
}

/// <summary>A field of a record row (no effect), or an effect of an effect row with its payload (Unit when it has none, a tuple for several).</summary>
public sealed record RowEntry(string Label, EffectSymbol? Effect, Type Payload);

public enum VariableKind { Type, RecordRow, EffectRow }

/// <summary>A quantified variable; identity is the object.</summary>
public sealed class TypeVariable(string name, VariableKind kind)
{
    public string Name { get; } = name;
    public VariableKind Kind { get; internal set; } = kind;

    /// <summary>Labels that a row variable may not contain.</summary>
    public HashSet<string> Lacks { get; } = [];
    public override string ToString() => Name;
}

/// <summary>An unknown of inference; solved at most once, then it stands for its solution for good.</summary>
public sealed class MetaVariable(int id, VariableKind kind)
{
    public int Id { get; } = id;
    public VariableKind Kind { get; } = kind;
    public Type? Solution { get; internal set; }

    /// <summary>Let-nesting depth of its binder, for generalisation.</summary>
    public int Level { get; internal set; }
    public HashSet<string>? Lacks { get; internal set; }

    /// <summary>Effect tails only: rows it must include. While nothing else shares it, it becomes exactly their union.</summary>
    internal List<Row>? LowerBounds { get; set; }

    /// <summary>A hole of a signature: what nothing determines there is an error, never a default.</summary>
    internal bool IsHole { get; init; }

    /// <summary>Effect tails only: it occurs in the type of something that outlives the call which made it.</summary>
    internal bool IsShared { get; set; }
}
