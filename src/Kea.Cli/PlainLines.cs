using Microsoft.Win32.SafeHandles;

namespace Kea.Cli;

/// <summary>
/// Inputs where nothing can be edited: from a pipe, a file, or a terminal that cannot place its cursor. There the system's own line
/// editing collects what is typed, and discards it when Ctrl-C is pressed.
/// </summary>
/// <param name="prompts">Whether somebody types them.</param>
internal sealed class PlainLines(TextReader lines, TextWriter output, bool prompts)
{
    public const string Prompt = "kea> ", Continuation = ".... ";

    private volatile string? _asked;

    /// <summary>Standard input. Not by way of <see cref="Console"/>, which has a line editing of its own.</summary>
    public static PlainLines OfProcess(TextWriter output, bool prompts) =>
        new(new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 1)), output, prompts);

    /// <summary>The next line, asked for as the first one of an input or as one that goes on; null at the end.</summary>
    public string? Read(bool continues)
    {
        Show(continues ? Continuation : Prompt);
        var line = lines.ReadLine();
        _asked = null;
        return line;
    }

    /// <summary>Ctrl-C has discarded the line that was being typed, if one was. Any thread.</summary>
    /// <returns>False if nobody types here.</returns>
    public bool Discarded()
    {
        if (prompts && _asked is { } prompt) Show(prompt, "\n");
        return prompts;
    }

    private void Show(string prompt, string before = "")
    {
        _asked = prompt;
        if (prompts) output.Write(before + prompt);
        output.Flush();
    }
}
