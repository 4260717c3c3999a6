using System.Text;
using Kea.Repl.Editing;

namespace Kea.Repl.Tests.Editing;

/// <summary>A terminal in memory: sends keys that were given before, and understands what an editor writes, wide characters and delayed wrapping included.</summary>
internal sealed class VirtualTerminal(int width, int height = 50) : ILineTerminal
{
    private const string Gap = "";

    private readonly Queue<byte[]> _input = [];
    private readonly List<string?[]> _rows = [new string?[width]];
    private bool _wraps;

    public int Width => width;
    public int Height => height;
    public int Row { get; private set; }
    public int Column { get; private set; }

    /// <summary>Called when an editor waits and nothing is there.</summary>
    public Action? Idle { get; init; }

    /// <summary>Rows without trailing blanks and empty rows at the end.</summary>
    public string Text => string.Join('\n', _rows.Select(r => string.Concat(r.Select(c => c ?? " ")).TrimEnd())).TrimEnd('\n');

    /// <summary>Bytes that come in one go.</summary>
    public void Send(string text) => _input.Enqueue(Encoding.UTF8.GetBytes(text));

    public void SendEach(IEnumerable<string> texts)
    {
        foreach (var text in texts) Send(text);
    }

    public IDisposable TakeKeys() => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose() { }
    }

    public int Read(Span<byte> bytes, int waitsMs)
    {
        if (!_input.TryDequeue(out var next))
        {
            if (waitsMs >= 0) return -1;
            Idle?.Invoke();
            return 0;
        }
        next.CopyTo(bytes);
        return next.Length;
    }

    public void Write(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '\u001b')
            {
                at = Sequence(text, at + 2);
                continue;
            }
            var next = TextElements.After(text, at);
            if (text[at] is '\r' or '\n')
            {
                // A cluster of both is one element.
                foreach (var c in text.AsSpan(at, next - at))
                    if (c == '\r') (Column, _wraps) = (0, false);
                    else Down();
            }
            else if (text[at] != '\a') Put(text[at..next]);
            at = next;
        }
    }

    private void Down()
    {
        (Row, Column, _wraps) = (Row + 1, 0, false);
        while (_rows.Count <= Row) _rows.Add(new string?[width]);
    }

    private void Put(string element)
    {
        var cells = TextElements.Width(element);
        if (_wraps || Column + cells > width) Down();
        _rows[Row][Column] = element;
        if (cells == 2) _rows[Row][Column + 1] = Gap;
        Column += cells;
        if (Column == width) (Column, _wraps) = (width - 1, true);
    }

    private int Sequence(string text, int at)
    {
        var end = at;
        while (!char.IsAsciiLetter(text[end])) end++;
        var parameters = text[at..end];
        var count = int.TryParse(parameters, out var number) ? number : 1;
        switch (text[end])
        {
            case 'A': (Row, _wraps) = (Math.Max(0, Row - count), false); break;
            case 'C': (Column, _wraps) = (Math.Min(width - 1, Column + count), false); break;
            case 'H': (Row, Column, _wraps) = (0, 0, false); break;
            case 'J' when parameters == "2":
                foreach (var row in _rows) Array.Clear(row);
                break;
            case 'J':
                _rows.RemoveRange(Row + 1, _rows.Count - Row - 1);
                Array.Clear(_rows[Row], Column, width - Column);
                break;
            case 'm' or 'h' or 'l': break;
            default: throw new InvalidOperationException($"an editor has written ESC[{parameters}{text[end]}");
        }
        return end + 1;
    }
}
