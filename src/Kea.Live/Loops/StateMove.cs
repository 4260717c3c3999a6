using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

/// <summary>What happens to the state of loops that run a certain step when the program moves on by one version.</summary>
/// <param name="FromStep">The step as a value, in the version before: its closure code.</param>
/// <param name="FromType">The name of the state's type; the other names and codes likewise for both ends.</param>
/// <param name="Forward">Takes the old box and returns the new one, or null when it fails; none if only code changed.</param>
/// <param name="Backward">The inverse, where nothing is lost.</param>
public sealed record LoopMove(
    FunctionId FromStep, FunctionId FromTurn, string FromType, FunctionId ToStep, FunctionId ToTurn, string ToType, FunctionId? Forward, FunctionId? Backward);

/// <summary>What happens to values that <c>Live.keep</c> keeps with a certain type.</summary>
/// <param name="Forward">None if only the name of the type is another one.</param>
public sealed record KeptMove(string FromType, string ToType, FunctionId? Forward, FunctionId? Backward)
{
    /// <summary>There is no way: the values are let go of, and made anew by the code that asks for them next. A rollback brings them back.</summary>
    public bool BeginsAnew { get; init; }
}

/// <summary>All that a version asks of states; empty when no layout that they reach has changed.</summary>
public sealed record StateMoves(ImmutableArray<LoopMove> Loops, ImmutableArray<KeptMove> Kept)
{
    public static readonly StateMoves None = new([], []);
}

/// <summary>A loop's code and type of state at one end of a move, as the runtime has them: immortal objects.</summary>
internal readonly record struct LoopCode(nint Step, nint Turn, nint Type);

/// <summary>Addresses instead of names. A code address of zero means that there is no way.</summary>
/// <param name="IsSame">The box means the same on both sides: only names differ.</param>
internal sealed record LoadedLoopMove(LoopCode From, LoopCode To, nint Forward, nint Backward, bool IsSame)
{
    public LoadedLoopMove Reversed => new(To, From, Backward, Forward, IsSame);
}

/// <summary>See <see cref="LoadedLoopMove"/>.</summary>
internal sealed record LoadedKeptMove(nint FromType, nint ToType, nint Forward, nint Backward, bool IsSame, bool BeginsAnew)
{
    public LoadedKeptMove Reversed => new(ToType, FromType, Backward, Forward, IsSame, BeginsAnew);
}

/// <summary>The moves of a version.</summary>
internal sealed record LoadedMoves(ImmutableArray<LoadedLoopMove> Loops, ImmutableArray<LoadedKeptMove> Kept)
{
    /// <summary>The immortal objects that they name, each as often as they do.</summary>
    public IEnumerable<nint> Immortals =>
        Loops.SelectMany(m => (nint[])[m.From.Step, m.From.Turn, m.From.Type, m.To.Step, m.To.Turn, m.To.Type]).Concat(Kept.SelectMany(m => (nint[])[m.FromType, m.ToType]));

    /// <summary>Their code.</summary>
    public IEnumerable<nint> Codes =>
        Loops.SelectMany(m => (nint[])[m.Forward, m.Backward]).Concat(Kept.SelectMany(m => (nint[])[m.Forward, m.Backward])).Where(code => code != 0);

    /// <summary>The same without some ways back.</summary>
    public LoadedMoves Without(IReadOnlySet<nint> backward) => backward.Count == 0 ? this : new LoadedMoves(
        [.. Loops.Select(m => backward.Contains(m.Backward) ? m with { Backward = 0 } : m)], [.. Kept.Select(m => backward.Contains(m.Backward) ? m with { Backward = 0 } : m)]);

    public LoadedMoves Reversed => new([.. Loops.Select(m => m.Reversed)], [.. Kept.Select(m => m.Reversed)]);

    public static readonly LoadedMoves None = new([], []);
}
