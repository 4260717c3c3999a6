using Kea.Driver;
using Kea.Repl;
using Kea.Repl.Editing;
using Kea.Source;

namespace Kea.Cli;

/// <summary><c>kea repl</c> (14.9).</summary>
internal static class ReplVerb
{
    private const string Prompt = "kea> ", Continuation = ".... ";

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
        using var session = new ReplSession(ToolchainPaths.Find(), new Output(options, terminal), Environment.CurrentDirectory);
        if (options.Script is null && UnixTerminal.IsUsable) Edit(session, terminal);
        else ReadLines(session, input, options.Script is null && !Console.IsInputRedirected, terminal);
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

    private sealed class Output(CommonOptions options, Terminal terminal) : IReplOutput
    {
        public void Line(string text)
        {
            terminal.Output.WriteLine(text);
            terminal.Output.Flush();
        }

        public void Say(string text) => terminal.Say(text);
        public void Diagnostics(IReadOnlyCollection<Diagnostic> diagnostics) => Reporting.Fails(diagnostics, options, terminal);
        public void Flush() => terminal.Output.Flush();
    }
}
