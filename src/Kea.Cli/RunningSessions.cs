using Kea.Driver;
using Kea.Driver.Protocol;

namespace Kea.Cli;

/// <summary>The running programs that a verb is about, reached.</summary>
internal sealed class RunningSessions : IDisposable
{
    private readonly List<(SessionFile File, ProtocolClient Client)> _reached = [];

    private RunningSessions() { }

    public IReadOnlyList<(SessionFile File, ProtocolClient Client)> Reached => _reached;

    /// <summary>Whether one that is meant could not be talked to, which has been said.</summary>
    public bool HasSilent { get; private set; }

    /// <summary>Reaches the sessions that are meant. Null after saying that there is none.</summary>
    /// <param name="file">The entry file as the user gave it, or null.</param>
    public static RunningSessions? Reach(string? file, Terminal terminal)
    {
        var found = SessionFolder.OfUser().Find();
        var meant = Sessions.Meant(found, file, file is null ? Reporting.ProjectEntry() : null, Environment.CurrentDirectory);
        var running = new RunningSessions();
        foreach (var (path, session) in meant)
        {
            switch (Sessions.Reach(path, session))
            {
                case Contact.Reached(var client): running._reached.Add((session, client)); break;
                case Contact.Gone: break;
                case Contact.Silent:
                    running.HasSilent = true;
                    terminal.Say($"{NameOf(session)} does not answer; it may be stopped or very busy");
                    break;
                case Contact.Foreign(var protocol):
                    running.HasSilent = true;
                    terminal.Say($"{NameOf(session)} was started by another version of kea, which speaks version {protocol} of the protocol; this one speaks {ProtocolVersion.Current}");
                    break;
            }
        }
        if (running._reached.Count > 0 || running.HasSilent) return running;
        terminal.Say(None(file, found.Except(meant).Select(s => s.File)));
        return null;
    }

    public static string NameOf(SessionFile session) => $"{ModulePaths.Shown(session.Entry)} (pid {session.Pid})";

    /// <summary>Asks, and says what is wrong if there is no answer.</summary>
    /// <returns>The default if there is none.</returns>
    public static T? Ask<T>(SessionFile session, Func<T> ask, Terminal terminal)
    {
        try
        {
            return ask();
        }
        catch (ProtocolException e)
        {
            terminal.Say($"{NameOf(session)}: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            terminal.Say($"{NameOf(session)} does not answer; it may be stopped or very busy");
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException)
        {
            terminal.Say($"{NameOf(session)} ended while it was asked, or gave an answer that this version of kea does not understand");
        }
        return default;
    }

    public void Dispose()
    {
        foreach (var (_, client) in _reached) client.Dispose();
    }

    private static string None(string? file, IEnumerable<SessionFile> others)
    {
        var none = file is null ? "no program is running under `kea run --watch`" : $"no `kea run --watch {file}` is running";
        var names = others.Select(NameOf).ToArray();
        return names.Length == 0 ? none : $"{none}; there {(names.Length == 1 ? "is" : "are")} {string.Join(", ", names)}";
    }
}
