using System.Collections.Immutable;
using System.Globalization;

namespace Kea.Repl.Editing;

/// <summary>A search backwards through the history (Ctrl-R).</summary>
/// <param name="Query">Part of the input that is looked for.</param>
/// <param name="At">The entry found last; the number of entries when none is.</param>
/// <param name="Before">What was being edited when the search began.</param>
public sealed record HistorySearch(string Query, int At, EditorState Before, bool HasFailed);

/// <summary>An input that is being edited. Every operation leaves the cursor between two characters as people see them.</summary>
/// <param name="Cursor">An offset of the text.</param>
/// <param name="At">The entry of the history that it began as; the number of entries for a new one.</param>
/// <param name="IsWhole">The text came at once, from the history or by pasting, and has not been changed since.</param>
public sealed record EditorState(string Text, int Cursor, int At, bool IsWhole = false)
{
    /// <summary>What was cut last, by Ctrl-K, Ctrl-U, Ctrl-W or Alt-D.</summary>
    public string Cut { get; init; } = "";

    /// <summary>The new input, while an older one is looked at.</summary>
    public string Draft { get; init; } = "";

    /// <summary>The column that moves up and down try to keep.</summary>
    public int? Column { get; init; }

    public HistorySearch? Search { get; init; }

    public static EditorState Empty(int entries) => new("", 0, entries);

    public int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;
    public int LineEnd => Text.IndexOf('\n', Cursor) is var at and >= 0 ? at : Text.Length;
    public bool IsOnLastLine => LineEnd == Text.Length;

    public EditorState Insert(string text, bool isWhole = false)
    {
        var whole = string.Concat(Text.AsSpan(0, Cursor), text, Text.AsSpan(Cursor));
        return With(whole, TextElements.Boundary(whole, Cursor + text.Length)) with { IsWhole = isWhole };
    }

    public EditorState Replace(int start, int end, string text) => MoveTo(end).Delete(start).Insert(text);

    public EditorState MoveTo(int offset) => this with { Cursor = TextElements.Boundary(Text, offset), Column = null };

    /// <summary>What a key does that stays within the text.</summary>
    /// <param name="history">The entries, oldest first.</param>
    public EditorState Press(Stroke stroke, ImmutableList<string> history) => stroke switch
    {
        Stroke.Left => MoveTo(TextElements.Before(Text, Cursor)),
        Stroke.Right => MoveTo(TextElements.After(Text, Cursor)),
        Stroke.WordLeft => MoveTo(WordBefore()),
        Stroke.WordRight => MoveTo(WordAfter()),
        Stroke.Home => MoveTo(LineStart),
        Stroke.End => MoveTo(LineEnd),
        Stroke.Up => Up(history),
        Stroke.Down => Down(history),
        Stroke.Backspace => Delete(TextElements.Before(Text, Cursor)),
        Stroke.Delete or Stroke.DeleteOrEnd => Delete(TextElements.After(Text, Cursor)),
        // At the end of a line the line end itself goes, so that Ctrl-K again and again takes line after line.
        Stroke.KillToEnd => Kill(LineEnd == Cursor ? TextElements.After(Text, Cursor) : LineEnd),
        Stroke.KillToStart => Kill(LineStart == Cursor ? TextElements.Before(Text, Cursor) : LineStart),
        Stroke.KillWordBefore => Kill(BlankBefore()),
        Stroke.KillWordAfter => Kill(WordAfter()),
        Stroke.Yank => Insert(Cut),
        Stroke.NewLine => Insert("\n"),
        Stroke.Search => this with { Search = new HistorySearch("", history.Count, this, HasFailed: false) },
        Stroke.None or Stroke.Enter or Stroke.Tab or Stroke.ClearScreen or Stroke.Interrupt or Stroke.Cancel => this,
    };

    /// <summary>What a key does to a search; null when it ends the search and means what it means without one.</summary>
    public EditorState? PressInSearch(Key key, ImmutableList<string> history)
    {
        var search = Search!;
        switch (key)
        {
            case Key.Typed(var text): return Find(search with { Query = search.Query + text }, history, Math.Min(search.At, history.Count - 1));
            case Key.Pressed(Stroke.Search): return Find(search, history, search.At - 1);
            case Key.Pressed(Stroke.Backspace):
                var query = search.Query[..TextElements.Before(search.Query, search.Query.Length)];
                return Find(search with { Query = query }, history, history.Count - 1);
            case Key.Pressed(Stroke.Cancel or Stroke.Interrupt): return search.Before with { Search = null };
            default: return null;
        }
    }

    private EditorState Find(HistorySearch search, ImmutableList<string> history, int from)
    {
        if (search.Query.Length == 0) return this with { Search = search with { At = history.Count, HasFailed = false } };
        for (var at = from; at >= 0; at--)
        {
            var found = history[at].IndexOf(search.Query, StringComparison.OrdinalIgnoreCase);
            if (found < 0) continue;
            return With(history[at], TextElements.Boundary(history[at], found)) with { At = at, IsWhole = true, Search = search with { At = at, HasFailed = false } };
        }
        return this with { Search = search with { HasFailed = true } };
    }

    private EditorState With(string text, int cursor) => this with { Text = text, Cursor = cursor, Column = null, IsWhole = false };

    /// <summary>Without what lies between the cursor and an offset.</summary>
    private EditorState Delete(int to)
    {
        to = TextElements.Boundary(Text, to);
        var (start, end) = (Math.Min(Cursor, to), Math.Max(Cursor, to));
        if (start == end) return this with { Column = null };
        var text = Text.Remove(start, end - start);
        return With(text, TextElements.Boundary(text, start));
    }

    private EditorState Kill(int to)
    {
        to = TextElements.Boundary(Text, to);
        return to == Cursor ? this : Delete(to) with { Cut = Text[Math.Min(Cursor, to)..Math.Max(Cursor, to)] };
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_' || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && !IsOfWord(Text[at - 1])) at--;
        while (at > 0 && IsOfWord(Text[at - 1])) at--;
        return at;
    }

    private int WordAfter()
    {
        var at = Cursor;
        while (at < Text.Length && !IsOfWord(Text[at])) at++;
        while (at < Text.Length && IsOfWord(Text[at])) at++;
        return at;
    }

    private int BlankBefore()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1])) at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1])) at--;
        return at;
    }

    private EditorState Up(ImmutableList<string> history)
    {
        if (LineStart > 0) return ToLine(LineStart >= 2 ? Text.LastIndexOf('\n', LineStart - 2) + 1 : 0);
        return At > 0 ? Recall(At - 1, history) : this;
    }

    private EditorState Down(ImmutableList<string> history)
    {
        if (!IsOnLastLine) return ToLine(LineEnd + 1);
        return At < history.Count ? Recall(At + 1, history) : this;
    }

    private EditorState ToLine(int start)
    {
        var column = Column ?? Cursor - LineStart;
        var end = Text.IndexOf('\n', start) is var at and >= 0 ? at : Text.Length;
        return this with { Cursor = TextElements.Boundary(Text, Math.Min(start + column, end)), Column = column };
    }

    private EditorState Recall(int at, ImmutableList<string> history)
    {
        var draft = At >= history.Count ? Text : Draft;
        var isNew = at >= history.Count;
        var text = isNew ? draft : history[at];
        return With(text, text.Length) with { At = at, Draft = draft, IsWhole = !isNew };
    }
}
