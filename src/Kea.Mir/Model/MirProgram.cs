using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A place in a source file; lines and columns from 1, 0 where there is none.</summary>
public readonly record struct Location(int Line, int Column)
{
    /// <summary>0 in the function itself; n for code that came out of the n-th entry of <see cref="MirFunction.Inlined"/>.</summary>
    public int Scope { get; init; }
}

/// <summary>A function whose body (or a part of it) is in another one now. When it changes, so must that.</summary>
public sealed record InlinedFunction(FunctionId Id, string Name, string SourcePath);

/// <param name="Result">Null for what computes no value.</param>
public sealed record Instruction(ValueId? Result, Inst Operation, Location Location);

/// <summary>
/// Straight-line code between a label and a terminator. Counted parameters are owned (the edges to the block consume their
/// arguments), except those in Borrows.
/// </summary>
public sealed record Block(BlockId Id, ImmutableArray<ValueId> Parameters, ImmutableArray<Instruction> Instructions, Terminator Terminator, Location TerminatorLocation)
{
    /// <summary>Parameters that are borrowed: every argument is (or is borrowed from) the given owner, which outlives their uses.</summary>
    public ImmutableArray<BorrowedBlockParameter> Borrows { get; init; } = [];
}

public readonly record struct BorrowedBlockParameter(ValueId Parameter, ValueId Owner);

public enum Ownership { Owned, Borrowed }

public sealed record MirParameter(ValueId Value, Ownership Ownership);

/// <summary>One monomorphic function in SSA form with block parameters. The first block is the entry and has no parameters.</summary>
/// <param name="Name">Stable identity with type arguments, <c>List.map(Int, String)</c>; unique in the program.</param>
/// <param name="Module">The module whose unit it belongs to.</param>
/// <param name="ValueTypes">By value index.</param>
/// <param name="IsClosureCode">Its first parameter is the closure object, borrowed.</param>
public sealed record MirFunction(
    FunctionId Id, string Name, string Module, string SourcePath, Location Location,
    ImmutableArray<MirParameter> Parameters, MirType Result, bool IsClosureCode,
    ImmutableArray<Block> Blocks, ImmutableArray<MirType> ValueTypes)
{
    public MirType TypeOf(ValueId value) => ValueTypes[value.Index];

    /// <summary>What was inlined into this, by the passes before; see <see cref="Location.Scope"/>.</summary>
    public ImmutableArray<InlinedFunction> Inlined { get; init; } = [];

    /// <summary>For each loop that asks for optimised code: the rest of the function from there on, which only this function calls (see <see cref="LoopRests"/>).</summary>
    public ImmutableArray<MirSignature> Rests { get; init; } = [];

    /// <summary>The function and the file that a location's line belongs to.</summary>
    public (string Name, string SourcePath) ScopeOf(Location location) =>
        location.Scope == 0 ? (Name, SourcePath) : (Inlined[location.Scope - 1].Name, Inlined[location.Scope - 1].SourcePath);
}

/// <summary>What a call needs to know of a function that is compiled elsewhere or later.</summary>
public sealed record MirSignature(FunctionId Id, string Name, string Module, ImmutableArray<(MirType Type, Ownership Ownership)> Parameters, MirType Result, bool IsClosureCode)
{
    /// <summary>What the machine types do not tell: versions of the types that references lead to.</summary>
    public string Abi { get; init; } = "";
}

/// <summary>A set of functions with the tables they refer to. Ids index the tables.</summary>
/// <param name="Functions">Bodies; a function that is only declared is in Signatures alone.</param>
/// <param name="Entry">A function without parameters that runs the program and returns its exit status as i64, or null.</param>
public sealed record MirProgram(
    ImmutableArray<Layout> Layouts, ImmutableArray<AggregateType> Aggregates, ImmutableArray<EnumLayout> Enums,
    ImmutableArray<MirSignature> Signatures, ImmutableArray<MirFunction> Functions, FunctionId? Entry)
{
    /// <summary>Further functions that the outside calls, as their signatures say. With them, or with an entry, what none of them reaches may go.</summary>
    public ImmutableArray<FunctionId> Roots { get; init; } = [];

    public bool HasRoots => Entry is not null || !Roots.IsEmpty;

    /// <summary>The outside calls the function, so its convention stays what the signature says.</summary>
    public bool IsRoot(FunctionId id) => Entry == id || Roots.Contains(id);
}
