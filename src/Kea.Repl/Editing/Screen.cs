using System.Collections.Immutable;
using System.Text;

namespace Kea.Repl.Editing;

/// <summary>How a part of an input looks.</summary>
public enum Look : byte { Plain, Prompt, Keyword, Name, Number, String, Comment, Command, Match }

/// <summary>A row of a terminal: at most as many cells as it is wide.</summary>
public sealed record ScreenRow(string Text, int Cells);

/// <summary>An input as it lies on a terminal of a certain width.</summary>
/// <param name="Row">Where the cursor is, counted from zero; the column likewise.</param>
public sealed record Screen(ImmutableArray<ScreenRow> Rows, int Row, int Column)
{
    /// <param name="prompt">Before the first line.</param>
    /// <param name="continuation">Before each other line.</param>
    /// <param name="looks">Of each character of the text; empty for no colours.</param>
    /// <param name="width">In cells; taken as 10 when it is less.</param>
    public static Screen Of(string prompt, string continuation, string text, int cursor, ReadOnlySpan<Look> looks, int width)
    {
        var screen = new Writer(Math.Max(width, 10), looks.Length > 0);
        screen.Put(prompt, Look.Prompt);
        var (row, column) = (0, 0);
        for (var at = 0; ; )
        {
            if (at == cursor) (row, column) = screen.Place();
            if (at == text.Length) break;
            var next = TextElements.After(text, at);
            if (text[at] == '\n')
            {
                screen.EndLine();
                screen.Put(continuation, Look.Prompt);
            }
            else screen.Put(text.AsSpan(at, next - at), looks.Length > 0 ? looks[at] : Look.Plain);
            at = next;
        }
        return new Screen(screen.End(), row, column);
    }

    /// <summary>The rows that fit, with the cursor among them.</summary>
    public Screen Within(int height)
    {
        height = Math.Max(height, 1);
        if (Rows.Length <= height) return this;
        var first = Math.Clamp(Row - height + 1, 0, Rows.Length - height);
        return new Screen([.. Rows.Skip(first).Take(height)], Row - first, Column);
    }

    private sealed class Writer(int width, bool hasColors)
    {
        private readonly ImmutableArray<ScreenRow>.Builder _rows = ImmutableArray.CreateBuilder<ScreenRow>();
        private readonly StringBuilder _row = new();
        private int _cells;
        private Look _look = Look.Plain;

        /// <summary>Where the next element of one cell goes.</summary>
        public (int Row, int Column) Place()
        {
            if (_cells == width) EndLine();
            return (_rows.Count, _cells);
        }

        public void Put(string text, Look look)
        {
            for (var at = 0; at < text.Length;)
            {
                var next = TextElements.After(text, at);
                Put(text.AsSpan(at, next - at), look);
                at = next;
            }
        }

        public void Put(ReadOnlySpan<char> element, Look look)
        {
            if (char.IsControl(element[0]))
            {
                PutCells($"^{(element[0] < 0x20 ? (char)(element[0] + '@') : '?')}", 2, look);
                return;
            }
            PutCells(element, TextElements.Width(element), look);
        }

        private void PutCells(ReadOnlySpan<char> element, int cells, Look look)
        {
            if (_cells + cells > width) EndLine();
            if (look != _look && hasColors)
            {
                _row.Append(Code(look));
                _look = look;
            }
            _row.Append(element);
            _cells += cells;
        }

        public void EndLine()
        {
            var look = _look;
            if (look != Look.Plain) _row.Append(Code(Look.Plain));
            _rows.Add(new ScreenRow(_row.ToString(), _cells));
            _row.Clear();
            _cells = 0;
            if (look != Look.Plain) _row.Append(Code(look));
        }

        public ImmutableArray<ScreenRow> End()
        {
            if (_look != Look.Plain) _row.Append(Code(Look.Plain));
            _rows.Add(new ScreenRow(_row.ToString(), _cells));
            return _rows.DrainToImmutable();
        }

        private static string Code(Look look) => look switch
        {
            Look.Plain => "\u001b[0m",
            Look.Prompt => "\u001b[0;1m",
            Look.Keyword => "\u001b[0;34;1m",
            Look.Name => "\u001b[0;36m",
            Look.Number => "\u001b[0;35m",
            Look.String => "\u001b[0;32m",
            Look.Comment => "\u001b[0;2m",
            Look.Command => "\u001b[0;33m",
            Look.Match => "\u001b[0;7m",
        };
    }
}
