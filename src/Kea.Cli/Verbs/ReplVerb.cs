using System.Runtime.InteropServices;
using Kea.Driver;
using Kea.Repl;
using Kea.Repl.Editing;

namespace Kea.Cli;

/// <summary><c>kea repl</c> (14.9).</summary>
internal static class ReplVerb
{
    public static int Execute(ReplOptions options, Terminal terminal)
    {
        if (options.Script is { } script && !File.Exists(script))
        {
            terminal.Say($"cannot find `{script}`");
            return 1;
        }
        using var session = new ReplSession(ToolchainPaths.Find(), new ReplOutput(options, terminal), Environment.CurrentDirectory);
        var lines = options.Script is { } file ? new PlainLines(new StreamReader(file), terminal.Output, prompts: false)
            : PlainLines.OfProcess(terminal.Output, prompts: !Console.IsInputRedirected);
        // Between two inputs it discards what is being typed, or ends a session that nobody is typing into.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = session.Interrupt() || lines.Discarded());
        if (options.Script is null && UnixTerminal.IsUsable) Edit(session, terminal);
        else ReadLines(session, lines);
        terminal.Output.Flush();
        return session.Status ?? 0;
    }

    private static void ReadLines(ReplSession session, PlainLines lines)
    {
        var reader = new InputReader(lines.Read);
        while (session.Status is null && reader.Read() is { } text) session.Take(text);
    }

    private static void Edit(ReplSession session, Terminal terminal)
    {
        var editor = new LineEditor(new UnixTerminal(), new History(History.DefaultPath()), session.Language, terminal.OutputHasColors);
        while (session.Status is null)
        {
            switch (editor.Read(PlainLines.Prompt, PlainLines.Continuation))
            {
                case LineRead.Submitted(var text):
                    foreach (var input in InputText.Split(text))
                        if (session.Status is null) session.Take(input);
                    break;
                case LineRead.Discarded: break;
                case LineRead.Ended: return;
            }
        }
    }
}
