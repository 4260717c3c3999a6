using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;

namespace Kea.Repl;

/// <summary>
/// A program that runs by itself and lets a prompt in between two turns of its loop (<c>kea run --watch --repl</c>). Its
/// sources may change meanwhile, and it may go back to an older version; the prompt follows.
/// </summary>
/// <remarks>Used by the prompt's own thread. The session orders what it asks with reloads.</remarks>
internal sealed class HostProgram(Func<LiveSession?> current, string entryPath) : PromptProgram
{
    private readonly Dictionary<int, (SourceText Host, Bindings Bindings)> _known = [];
    private LiveSession? _session;
    private SourceText _host = new(ModulePaths.Shown(entryPath), "");

    public override SourceText? Host => _host;
    public override string Path { get; } = System.IO.Path.GetFullPath(entryPath);
    public override LiveProgram Program => Session.Program;

    private LiveSession Session => _session ?? throw new InvalidOperationException("inputs are taken only while there is a program");

    /// <summary>What the definitions and values are in the version that is in force now; null if they are those that are given.</summary>
    public (Bindings Bindings, string Remark)? Follow(Bindings bindings)
    {
        if (current() is not { } session) throw new NoProgram();
        var content = session.Program.CurrentContent;
        if (session != _session)
        {
            var isFirst = _session is null;
            _session = session;
            _known.Clear();
            _host = Entry(session);
            _known[content] = (_host, Bindings.None);
            return isFirst || bindings == Bindings.None ? null : (Bindings.None, "the program has started anew: what was typed before is gone");
        }
        if (_known.TryGetValue(content, out var known))
        {
            _host = known.Host;
            return known.Bindings.Pieces == bindings.Pieces ? null : (bindings.WithDefinitionsOf(known.Bindings), "");
        }
        // Somebody has saved a source: what it says is what runs.
        _host = Entry(session);
        var next = bindings.WithDefinitionsOf(Bindings.None);
        _known[content] = (_host, next);
        return bindings.Pieces.IsEmpty ? null : (next, $"the sources have changed and hold: {string.Join(", ", bindings.Pieces.Select(p => p.Name))} as typed here {(bindings.Pieces.Count == 1 ? "is" : "are")} gone");
    }

    /// <summary>What belongs to the version that is in force now.</summary>
    public void Note(Bindings bindings) => _known[Session.Program.CurrentContent] = (_host, bindings);

    public override CheckOutcome Check(string text) => Session.Check(Texts(text));

    public override ReloadPlan Plan(string? text) => text is null ? Session.Plan() : Session.Plan(Texts(text));

    public override (ReloadPlan Plan, Func<Ending>? Move) Load(string text)
    {
        // The loop goes there by itself, and an evaluation goes after it.
        return (Session.Reload(Texts(text)).Plan, null);
    }

    public override Prepared Prepare(string text)
    {
        var (diagnostics, evaluate) = Session.Evaluate(Texts(text), SessionModule.TurnName);
        if (evaluate is null) return new Prepared(ReloadPlan.Of(Verdict.Rejected) with { Diagnostics = diagnostics }, null);
        return new Prepared(null, () => EndOf(evaluate) switch
        {
            EvaluationEnd.Done => new Ending.Done(),
            EvaluationEnd.Panicked => new Ending.Panicked(),
            EvaluationEnd.Interrupted => new Ending.Interrupted(),
            EvaluationEnd.NotRunning => new Ending.NotRunning(),
        });
    }

    private EvaluationEnd EndOf(Func<CancellationToken, Task<EvaluationEnd>> evaluate)
    {
        using var interrupt = new CancellationTokenSource();
        var end = evaluate(interrupt.Token);
        while (!end.Wait(InterruptionDelay))
            if (IsInterrupted) interrupt.Cancel();
        return end.Result;
    }

    public override bool RollsBack(IReplOutput output)
    {
        if (Session.RollBack() is null) output.Say("there is no older version to go back to");
        return true;
    }

    /// <summary>The session belongs to whoever watches.</summary>
    public override void Dispose() { }

    /// <summary>The version in force, with a text in the place of its entry module.</summary>
    private Dictionary<string, string> Texts(string entry) => new(Session.RunningTexts.ToDictionary(t => t.Key, t => t.Value.Text)) { [Path] = entry };

    private SourceText Entry(LiveSession session) => session.RunningTexts[Path];
}

/// <summary>Nothing runs that could take an input.</summary>
internal sealed class NoProgram : Exception;
