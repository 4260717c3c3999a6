using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;

namespace Kea.Repl;

/// <summary>How an evaluation ended.</summary>
internal abstract record Ending
{
    private Ending() { }
    public sealed record Done : Ending;

    /// <summary>The program is where it was before the input.</summary>
    public sealed record Panicked : Ending;

    /// <summary>By <see cref="ReplSession.Interrupt"/>; the program is where it was before the input.</summary>
    public sealed record Interrupted : Ending;

    /// <summary>A value could not be migrated; nothing was evaluated.</summary>
    public sealed record NotMigrated(string Message) : Ending;

    /// <summary>The program has ended itself.</summary>
    public sealed record Exited(int Status) : Ending;

    /// <summary>There is no program that could evaluate anything now.</summary>
    public sealed record NotRunning : Ending;
}

/// <summary>A change of the module, ready to be evaluated; or why it is not.</summary>
internal readonly record struct Prepared(ReloadPlan? Refusal, Func<Ending>? Evaluate);

/// <summary>A running program that a prompt evaluates in, and whose entry module the inputs are added to.</summary>
internal abstract class PromptProgram : IDisposable
{
    /// <summary>Within which an evaluation that is under way hears that it is to end.</summary>
    protected static readonly TimeSpan InterruptionDelay = TimeSpan.FromMilliseconds(20);

    private volatile bool _isInterrupted;

    /// <summary>The entry module without the inputs; null where they are all that there is.</summary>
    public abstract SourceText? Host { get; }

    public abstract LiveProgram Program { get; }

    /// <summary>The full path of the entry module.</summary>
    public abstract string Path { get; }

    /// <summary>Checks the program with a text as its entry module; nothing is loaded.</summary>
    public abstract CheckOutcome Check(string text);

    /// <summary>What it would do to make a text the entry module; null for what files would do as they are.</summary>
    public abstract ReloadPlan Plan(string? text);

    /// <summary>Makes a text the entry module, if that may be; the program has come to it when the second part is done.</summary>
    public abstract (ReloadPlan Plan, Func<Ending>? Move) Load(string text);

    /// <summary>Loads an entry module with a function that is to be called once, at the next reload point.</summary>
    public abstract Prepared Prepare(string text);

    /// <summary>Back to the version before, of code and values; false where the session has to do it by its own means.</summary>
    public abstract bool RollsBack(IReplOutput output);

    /// <summary>Somebody wants the evaluation that is under way, or about to be, to end. Any thread.</summary>
    public bool IsInterrupted { get => _isInterrupted; set => _isInterrupted = value; }

    public abstract void Dispose();
}
