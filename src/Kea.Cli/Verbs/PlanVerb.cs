using System.Collections.Immutable;
using System.Text.Json;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Protocol;
using Kea.Live;
using Kea.Source;

namespace Kea.Cli;

/// <summary><c>kea plan [FILE]</c> and <c>kea plan OLD NEW</c> (14.3.2): the plan is the result, and a change that would be rejected fails the command.</summary>
internal static class PlanVerb
{
    public static int Execute(PlanOptions options, Terminal terminal)
    {
        if (options is { Old: { } old, New: { } now })
        {
            var (plan, diagnostics) = VersionPlan.Between(ToolchainPaths.Find(), old, now);
            Reporting.Fails(diagnostics, options, terminal);
            return plan is null ? 1 : Show(plan, options, terminal);
        }
        using var sessions = RunningSessions.Reach(options.Old, terminal);
        if (sessions is null or { HasSilent: true }) return 1;
        if (sessions.Reached is not [var (file, client)])
        {
            terminal.Say($"several programs are running: {string.Join(", ", sessions.Reached.Select(s => RunningSessions.NameOf(s.File)))}; name the entry file of the one that is meant");
            return 1;
        }
        var pending = RunningSessions.Ask(file, () => Pending(client, file), terminal);
        return pending is null ? 1 : Show(pending, options, terminal);
    }

    private static ReloadPlan Pending(ProtocolClient client, SessionFile session)
    {
        var answer = client.Ask("plan", new PlanParams(null, Sources: true).ToJson());
        var sources = answer.TryGetProperty("sources", out var texts) ? texts.EnumerateObject() : throw new JsonException("no sources");
        // Paths come as the session shows them, and are shown as its own are by whoever asks.
        return PlanReader.Parse(answer, sources.ToImmutableDictionary(s => s.Name, s => new SourceText(ModulePaths.Shown(Path.Combine(session.Folder, s.Name)), s.Value.GetString() ?? "")));
    }

    private static int Show(ReloadPlan plan, PlanOptions options, Terminal terminal)
    {
        if (options.Json) terminal.Output.WriteLine(PlanJson.Of(plan));
        else
        {
            Reporting.Fails(plan.Diagnostics, options, terminal);
            var text = new StyledText();
            PlanText.Render(text, plan);
            terminal.WriteResult(text);
        }
        return plan.Verdict == Verdict.Rejected ? 1 : 0;
    }
}
