using Kea.Driver;
using Kea.Driver.Status;

namespace Kea.Cli;

/// <summary><c>kea status [FILE]</c> (14.3.2): the status is 0 when all that is on disk runs in every session that is shown.</summary>
internal static class StatusVerb
{
    public static int Execute(StatusOptions options, Terminal terminal)
    {
        using var sessions = RunningSessions.Reach(options.File, terminal);
        if (sessions is null) return 1;
        var isCurrent = !sessions.HasSilent;
        foreach (var (file, client) in sessions.Reached)
        {
            if (RunningSessions.Ask(file, () => StatusReport.Parse(client.Ask("status")), terminal) is not { } status)
            {
                isCurrent = false;
                continue;
            }
            isCurrent &= status.IsCurrent;
            Show(status, options, isOnly: sessions.Reached.Count == 1, terminal);
        }
        return isCurrent ? 0 : 1;
    }

    private static void Show(StatusReport status, StatusOptions options, bool isOnly, Terminal terminal)
    {
        if (options.Json)
        {
            terminal.Output.WriteLine(status.ToJson());
            return;
        }
        var text = new StyledText();
        if (isOnly || options.All) StatusText.Render(text, status, options.All);
        else StatusText.RenderLine(text, status);
        terminal.WriteResult(text);
    }
}
