using System.Text;

namespace Kea.Repl.Editing;

/// <summary>How the editing of an input ended.</summary>
public abstract record LineRead
{
    private LineRead() { }

    public sealed record Submitted(string Text) : LineRead;

    /// <summary>Ctrl-C: what was there is forgotten.</summary>
    public sealed record Discarded : LineRead;

    /// <summary>Ctrl-D on an empty input, or the terminal is gone.</summary>
    public sealed record Ended : LineRead;
}

/// <summary>What an editor asks about the language of its inputs.</summary>
public interface IInputLanguage
{
    /// <summary>Whether lines must follow; and, without <paramref name="whole"/>, whether they may as well.</summary>
    bool GoesOn(string text, bool whole);

    Completion Complete(string text, int cursor);

    /// <summary>For each character.</summary>
    Look[] LooksOf(string text);
}

/// <summary>
/// Inputs of one or more lines, edited on a terminal. What is drawn is drawn anew after each key; other threads may print above
/// it meanwhile.
/// </summary>
/// <param name="hasColors">False for terminals or users that want none.</param>
public sealed class LineEditor(ILineTerminal terminal, History history, IInputLanguage language, bool hasColors)
{
    private const int EscapeMs = 50;
    private const string PasteOn = "\u001b[?2004h", PasteOff = "\u001b[?2004l";

    private readonly Lock _gate = new();
    private readonly KeyDecoder _decoder = new();
    private readonly Queue<Key> _keys = [];
    private EditorState _state = EditorState.Empty(0);
    private string _prompt = "", _continuation = "";
    private bool _isDrawn;
    private int _cursorRow;

    /// <summary>The next input, which becomes part of the history.</summary>
    public LineRead Read(string prompt, string continuation)
    {
        using var keys = terminal.TakeKeys();
        lock (_gate)
        {
            (_prompt, _continuation, _state) = (prompt, continuation, EditorState.Empty(history.Entries.Count));
            terminal.Write(PasteOn);
            Draw();
        }
        return Edit();
    }

    /// <summary>Prints whole lines; above the input if one is being edited. From any thread.</summary>
    public void Print(string lines)
    {
        lock (_gate)
        {
            if (!_isDrawn)
            {
                terminal.Write(lines);
                return;
            }
            Erase(lines);
            Draw();
        }
    }

    /// <summary>Takes the input off the screen, when what it is for ends meanwhile.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isDrawn) Erase(PasteOff);
        }
    }

    private LineRead Edit()
    {
        var bytes = new byte[4096];
        while (true)
        {
            while (_keys.TryDequeue(out var key))
            {
                lock (_gate)
                {
                    if (Handle(key) is { } end) return end;
                    if (_keys.Count == 0) Draw();
                }
            }
            var count = terminal.Read(bytes, _decoder.IsWaiting ? EscapeMs : -1);
            if (count == 0) return Finish("", new LineRead.Ended());
            foreach (var key in count < 0 ? _decoder.TimeOut() : _decoder.Take(bytes.AsSpan(0, count))) _keys.Enqueue(key);
        }
    }

    /// <summary>Null while editing goes on.</summary>
    private LineRead? Handle(Key key)
    {
        if (_state.Search is not null)
        {
            if (_state.PressInSearch(key, history.Entries) is { } searching)
            {
                _state = searching;
                return null;
            }
            _state = _state with { Search = null };
        }
        switch (key)
        {
            case Key.Typed(var text):
                if (Indentation.IsClosing(text, _state.Text.AsSpan(_state.LineStart, _state.Cursor - _state.LineStart))) _state = _state.Replace(_state.Cursor - Indentation.Step.Length, _state.Cursor, "");
                _state = _state.Insert(text);
                return null;
            case Key.Pasted(var text):
                _state = _state.Insert(text, isWhole: _state.Text.Length == 0);
                return null;
            case Key.Pressed(Stroke.Enter): return Enter();
            case Key.Pressed(Stroke.Tab): Complete(); return null;
            case Key.Pressed(Stroke.Interrupt): return Finish("^C", new LineRead.Discarded());
            case Key.Pressed(Stroke.DeleteOrEnd) when _state.Text.Length == 0: return Finish("", new LineRead.Ended());
            case Key.Pressed(Stroke.ClearScreen):
                terminal.Write("\u001b[H\u001b[2J");
                _cursorRow = 0;
                return null;
            case Key.Pressed(var stroke): _state = _state.Press(stroke, history.Entries); return null;
        }
        throw new InvalidOperationException("a closed family");
    }

    private LineRead? Enter()
    {
        if (!IsFinished)
        {
            // What a terminal sends in one go was not typed by hand, and brings its own indentation.
            _state = _state.Insert("\n" + (_keys.Count == 0 ? Indentation.After(_state.Text[.._state.Cursor], language) : ""));
            return null;
        }
        var text = _state.Text.TrimEnd();
        if (text.Length > 0 && history.Add(text) is { } problem) Erase(problem + "\n");
        return Finish("", new LineRead.Submitted(text));
    }

    private bool IsFinished
    {
        get
        {
            var text = _state.Text;
            if (text.AsSpan().Trim().IsEmpty) return true;
            if (_state.IsWhole) return !language.GoesOn(text, whole: true);
            if (!text.Contains('\n', StringComparison.Ordinal)) return !language.GoesOn(text, whole: false);
            return _state.IsOnLastLine && (text.AsSpan(_state.LineStart).Trim().IsEmpty || !language.GoesOn(text, whole: false));
        }
    }

    private void Complete()
    {
        var before = _state.Text.AsSpan(_state.LineStart, _state.Cursor - _state.LineStart);
        if (before.Trim().IsEmpty)
        {
            _state = _state.Insert(Indentation.Step);
            return;
        }
        var completion = language.Complete(_state.Text, _state.Cursor);
        var common = completion.Common;
        if (completion.Candidates.IsEmpty) terminal.Write("\a");
        else if (completion.Candidates.Length == 1 || common.Length > _state.Cursor - completion.Start) _state = _state.Replace(completion.Start, _state.Cursor, common);
        else Erase(completion.Table(terminal.Width));
    }

    /// <summary>Leaves what was edited where it is, and goes below it.</summary>
    private LineRead Finish(string remark, LineRead read)
    {
        _state = (_state with { Search = null }).MoveTo(_state.Text.Length);
        Draw();
        terminal.Write($"{remark}{PasteOff}\n");
        _isDrawn = false;
        return read;
    }

    /// <summary>Takes the input off the screen, and prints lines where it was.</summary>
    private void Erase(string lines)
    {
        terminal.Write($"{ToTop()}\u001b[J{lines}");
        _isDrawn = false;
        _cursorRow = 0;
    }

    private string ToTop() => _isDrawn && _cursorRow > 0 ? $"\u001b[{_cursorRow}A\r" : "\r";

    private void Draw()
    {
        if (!_isDrawn) _cursorRow = 0;
        var prompt = _state.Search is { } search ? $"{(search.HasFailed ? "not found" : "search")} `{search.Query}`: " : _prompt;
        var looks = hasColors ? language.LooksOf(_state.Text) : [];
        if (hasColors && _state.Search is { HasFailed: false, Query.Length: > 0 } found && _state.Cursor + found.Query.Length <= looks.Length) looks.AsSpan(_state.Cursor, found.Query.Length).Fill(Look.Match);
        var screen = Screen.Of(prompt, _continuation, _state.Text, _state.Cursor, looks, terminal.Width).Within(terminal.Height);
        var drawn = new StringBuilder(ToTop()).Append("\u001b[J").AppendJoin("\r\n", screen.Rows.Select(r => r.Text));
        if (screen.Rows.Length - 1 - screen.Row is > 0 and var below) drawn.Append($"\u001b[{below}A");
        drawn.Append('\r');
        if (screen.Column > 0) drawn.Append($"\u001b[{screen.Column}C");
        terminal.Write(drawn.ToString());
        (_isDrawn, _cursorRow) = (true, screen.Row);
    }
}
