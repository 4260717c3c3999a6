using System.Text;

namespace Kea.Syntax;

/// <summary>An S-expression: a word, or a list that is written on one line when it fits.</summary>
internal abstract record Sexp
{
    private const int LineWidth = 100;

    private Sexp() { }

    public sealed record Word(string Text) : Sexp;
    public sealed record List(IReadOnlyList<Sexp> Items) : Sexp;

    public static implicit operator Sexp(string text) => new Word(text);

    public static List Of(string head, params IEnumerable<Sexp?> items)
    {
        var all = new List<Sexp> { head };
        foreach (var item in items) if (item is not null) all.Add(item);
        return new List(all);
    }

    public void Write(StringBuilder text, int indentation)
    {
        switch (this)
        {
            case Word(var word):
                text.Append(word);
                break;
            case List(var items):
                WriteList(items, text, indentation);
                break;
        }
    }

    private void WriteList(IReadOnlyList<Sexp> items, StringBuilder text, int indentation)
    {
        var room = LineWidth - indentation;
        if (Fits(ref room))
        {
            WriteFlat(text);
            return;
        }
        text.Append('(');
        items[0].Write(text, indentation + 1);
        for (var i = 1; i < items.Count; i++)
        {
            // Words after the head stay beside it.
            var stays = items[i] is Word && (i == 1 || items[i - 1] is Word);
            if (stays) text.Append(' ');
            else text.Append('\n').Append(' ', indentation + 2);
            items[i].Write(text, indentation + 2);
        }
        text.Append(')');
    }

    private bool Fits(ref int room)
    {
        if (this is Word word) room -= word.Text.Length;
        if (this is not List list) return room >= 0;
        room -= 1 + list.Items.Count;
        foreach (var item in list.Items) if (room < 0 || !item.Fits(ref room)) return false;
        return room >= 0;
    }

    private void WriteFlat(StringBuilder text)
    {
        switch (this)
        {
            case Word(var word):
                text.Append(word);
                break;
            case List(var items):
                text.Append('(');
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(' ');
                    items[i].WriteFlat(text);
                }
                text.Append(')');
                break;
        }
    }
}
