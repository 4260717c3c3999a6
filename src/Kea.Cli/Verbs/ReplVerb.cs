using System.Runtime.InteropServices;
using Kea.Driver;
using Kea.Repl;
using Kea.Repl.Editing;

namespace Kea.Cli;

/// <summary><c>kea repl</c> (14.9).</summary>
internal static class ReplVerb
{
    public const string Prompt = "kea> ", Continuation = ".... ";

    public static int Execute(ReplOptions options, Terminal terminal)
    {
        TextReader input = Console.In;
        if (options.Script is { } script)
        {
            if (!File.Exists(script))
            {
                terminal.Say($"cannot find `{script}`");
                return 1;
            }
            input = new StreamReader(script);
        }
        using var session = new ReplSession(ToolchainPaths.Find(), new ReplOutput(options, terminal), Environment.CurrentDirectory);
        var prompts = options.Script is null && !Console.IsInputRedirected;
        // Between two inputs it discards what is being typed, or ends a session that nobody is typing into.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = session.Interrupt() || prompts);
        if (options.Script is null && UnixTerminal.IsUsable) Edit(session, terminal);
        else ReadLines(session, input, prompts, terminal);
        terminal.Output.Flush();
        return session.Status ?? 0;
    }

    private static void ReadLines(ReplSession session, TextReader input, bool prompts, Terminal terminal)
    {
        var reader = new InputReader(continues =>
        {
            if (prompts) terminal.Output.Write(continues ? Continuation : Prompt);
            terminal.Output.Flush();
            return input.ReadLine();
        });
        while (session.Status is null && reader.Read() is { } text) session.Take(text);
    }

    private static void Edit(ReplSession session, Terminal terminal)
    {
        var editor = new LineEditor(new UnixTerminal(), new History(History.DefaultPath()), session.Language, terminal.OutputHasColors);
        while (session.Status is null)
        {
            switch (editor.Read(Prompt, Continuation))
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
