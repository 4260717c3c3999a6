using Kea.Driver;
using Spectre.Console;

namespace Kea.Cli;

public enum ColorChoice { Auto, Always, Never }

/// <summary>Standard output for results, standard error for everything said about them.</summary>
public sealed class Terminal(TextWriter output, TextWriter error, bool errorIsTerminal, bool outputIsTerminal = false)
{
    public TextWriter Output { get; } = output;
    public TextWriter Error { get; } = error;
    public ColorChoice Color { get; set; } = ColorChoice.Auto;

    public static Terminal OfProcess() => new(Console.Out, Console.Error, !Console.IsErrorRedirected, !Console.IsOutputRedirected);

    public bool OutputHasColors => UsesColor(outputIsTerminal);

    private bool UsesColor(bool isTerminal) => Color switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        ColorChoice.Auto => isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
    };

    /// <summary>Writes to standard error. The terminal library is loaded only when there are colours to draw.</summary>
    public void Write(StyledText text) => Write(text, Error, errorIsTerminal);

    /// <summary>Writes a result, to standard output.</summary>
    public void WriteResult(StyledText text) => Write(text, Output, outputIsTerminal);

    public void Say(string line) => Error.WriteLine(line);

    private void Write(StyledText text, TextWriter writer, bool isTerminal)
    {
        if (UsesColor(isTerminal)) WriteColored(text, writer);
        else writer.Write(text.ToString());
        writer.Flush();
    }

    private static void WriteColored(StyledText text, TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(writer),
        });
        // A profile of its own width would wrap source lines.
        console.Profile.Width = int.MaxValue;
        foreach (var (piece, role) in text.Pieces) console.Write(new Text(piece, StyleOf(role)));
    }

    private static Style StyleOf(TextRole role) => role switch
    {
        TextRole.Plain => Style.Plain,
        TextRole.Error => new Style(Spectre.Console.Color.Red, decoration: Decoration.Bold),
        TextRole.Warning => new Style(Spectre.Console.Color.Yellow, decoration: Decoration.Bold),
        TextRole.Info => new Style(Spectre.Console.Color.Aqua, decoration: Decoration.Bold),
        TextRole.Accent => new Style(Spectre.Console.Color.Blue),
        TextRole.Title => new Style(decoration: Decoration.Bold),
        TextRole.Muted => new Style(decoration: Decoration.Dim),
    };
}
