namespace Kea.Repl.Editing;

/// <summary>What a terminal has sent, as an editor understands it.</summary>
public abstract record Key
{
    private Key() { }

    /// <summary>Something that was typed: printable, without line ends.</summary>
    public sealed record Typed(string Text) : Key;

    /// <summary>Something that was pasted, as a whole (bracketed paste), with line ends.</summary>
    public sealed record Pasted(string Text) : Key;

    public sealed record Pressed(Stroke Stroke) : Key;
}

/// <summary>Keys that are no text, by what they do.</summary>
public enum Stroke
{
    /// <summary>Of no meaning here.</summary>
    None,
    Enter,
    /// <summary>A line end whatever stands before it (Alt-Enter).</summary>
    NewLine,
    Tab,
    Backspace,
    /// <summary>Ctrl-D: deletes, or ends a session where there is nothing to delete.</summary>
    DeleteOrEnd,
    Delete,
    Left, Right, Up, Down,
    WordLeft, WordRight,
    Home, End,
    KillToEnd, KillToStart, KillWordBefore, KillWordAfter,
    Yank,
    ClearScreen,
    Search,
    /// <summary>Ctrl-C.</summary>
    Interrupt,
    /// <summary>Escape or Ctrl-G: leaves a search.</summary>
    Cancel,
}
