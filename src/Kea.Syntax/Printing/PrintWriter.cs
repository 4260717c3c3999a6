using System.Text;

namespace Kea.Syntax;

/// <summary>Text with indentation. After a block, whatever comes next begins a line in the column of the block's header.</summary>
internal sealed class PrintWriter
{
    private const int Width = 2;

    private readonly StringBuilder _text = new();
    private int _column;
    private bool _lineIsDue;

    /// <summary>The next text begins a statement that would join the one above if it began with a minus (rule C5).</summary>
    public bool IsAtGuardedStart { get; private set; }

    public void Write(string text)
    {
        if (text.Length == 0) return;
        if (_lineIsDue) BreakLine();
        IsAtGuardedStart = false;
        // Side by side these would begin a comment, or an effect arrow that joins the line above (C4).
        if (_text.Length > 0 && _text[^1] == '-' && (text[0] is '-' or '[')) _text.Append(' ');
        _text.Append(text);
    }

    /// <summary>A blank between two words, or nothing where a line begins anyway.</summary>
    public void Space()
    {
        if (!_lineIsDue && _text.Length > 0 && _text[^1] is not (' ' or '\n')) _text.Append(' ');
    }

    public void Line() => _lineIsDue = true;

    public void BlankLine()
    {
        if (_lineIsDue) BreakLine();
        if (_text.Length > 0) _lineIsDue = true;
        TrimLine();
    }

    /// <summary>A raw line that belongs to a doc block; empty ones stay empty.</summary>
    public void RawLine(string text)
    {
        _text.Append('\n');
        if (text.Length > 0) _text.Append(' ', _column).Append(text);
    }

    public void GuardStart() => IsAtGuardedStart = true;

    public void Indent()
    {
        _column += Width;
        _lineIsDue = true;
    }

    public void Dedent()
    {
        _column -= Width;
        _lineIsDue = true;
    }

    public void RawIndent() => _column += Width;
    public void RawDedent() => _column -= Width;

    public override string ToString()
    {
        TrimLine();
        return _text.Length == 0 || _text[^1] == '\n' ? _text.ToString() : _text + "\n";
    }

    private void BreakLine()
    {
        TrimLine();
        _lineIsDue = false;
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(' ', _column);
    }

    private void TrimLine()
    {
        while (_text.Length > 0 && _text[^1] == ' ') _text.Length--;
    }
}
