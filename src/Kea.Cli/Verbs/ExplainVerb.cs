using Kea.Driver;
using Kea.Source;

namespace Kea.Cli;

/// <summary><c>kea explain CODE</c> (13.5).</summary>
internal static class ExplainVerb
{
    public static int Execute(ExplainOptions options, Terminal terminal)
    {
        if (DiagnosticCatalog.Find(options.Code) is { } page)
        {
            terminal.Output.Write(DiagnosticCatalog.Render(page));
            return 0;
        }
        var close = EditDistance.Closest(options.Code.ToUpperInvariant(), DiagnosticCatalog.All.Select(p => p.Code));
        terminal.Say($"unknown error code {options.Code}{(close is null ? "" : $"; did you mean {close}?")}");
        return 1;
    }
}
