using Kea.Repl;
using Kea.Source;

namespace Kea.Cli;

/// <summary>What a prompt says: results on standard output, the rest on standard error.</summary>
internal sealed class ReplOutput(CommonOptions options, Terminal terminal) : IReplOutput
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
