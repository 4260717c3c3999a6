using System.Text;

namespace Kea.Source;

/// <summary>Where the lines of a text begin. Lines and columns are zero-based; columns count code points.</summary>
public sealed class LineMap
{
    private readonly string _text;
    private readonly int[] _starts;

    private LineMap(string text, int[] starts) => (_text, _starts) = (text, starts);

    public int LineCount => _starts.Length;

    public static LineMap Of(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = text.IndexOf('\n'); i >= 0; i = text.IndexOf('\n', i + 1)) starts.Add(i + 1);
        return new LineMap(text, [.. starts]);
    }

    /// <summary>The line that holds the offset; O(log lines).</summary>
    public int LineOf(int offset)
    {
        var found = Array.BinarySearch(_starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    public int ColumnOf(int offset)
    {
        var start = _starts[LineOf(offset)];
        return CodePoints(_text.AsSpan(start, Math.Min(offset, _text.Length) - start));
    }

    /// <summary>The line's text without its line end.</summary>
    public ReadOnlySpan<char> LineText(int line)
    {
        var end = line + 1 < _starts.Length ? _starts[line + 1] : _text.Length;
        return _text.AsSpan(_starts[line], end - _starts[line]).TrimEnd("\r\n");
    }

    public int LineStart(int line) => _starts[line];

    /// <summary>The UTF-8 offset of a UTF-16 offset; O(offset).</summary>
    public int ByteOffset(int offset) => Encoding.UTF8.GetByteCount(_text.AsSpan(0, Math.Min(offset, _text.Length)));

    public static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text) if (!char.IsLowSurrogate(c)) count++;
        return count;
    }
}
