using Kea.Driver;
using Kea.Repl;
using Kea.Source;

namespace Kea.Cli;

/// <summary><c>kea repl</c> (14.9).</summary>
internal static class ReplVerb
{
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
        var prompts = options.Script is null && !Console.IsInputRedirected;
        var reader = new InputReader(continues =>
        {
            if (prompts) terminal.Output.Write(continues ? ".... " : "kea> ");
            terminal.Output.Flush();
            return input.ReadLine();
        });
        while (session.Status is null && reader.Read() is { } text) session.Take(text);
        terminal.Output.Flush();
        return session.Status ?? 0;
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
