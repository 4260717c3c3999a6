namespace Kea.Driver.Tests;

/// <summary>Makes wrong programs out of right ones. The same seed gives the same text on every machine.</summary>
internal static class Mutation
{
    private const int ChangesMax = 4;

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "#(", "|", "->", "-[", "]>", "=", "==", "::", ".", ",", ":", "..", "?", "~", "_", "@", "++", "|>",
        "fn ", "let ", "if ", "then ", "else ", "case ", "cond ", "while ", "for ", "catch ", "fail ", "handle ", "resume ", "with ", "use ", "struct ", "enum ",
        "trait ", "type ", "effect ", "test ", "pub ", "as ", "where ", "not ", "panic ", "const ", "mut ", "move ", "unsafe ", "{ x: 1 | r }", "\"{", "\"", "'",
        "9223372036854775808", "0x", "1.", "1e999", "0", "-", "Int", "Self", "Option ", "None", "Some(", "a", "x", "r", "\t", "\n", "\n  ", "\n        ", "\u00e9", "\U0001F99C", "\0",
    ];

    /// <param name="corpus">The texts to start from and to take parts of.</param>
    public static string Of(IReadOnlyList<string> corpus, int seed)
    {
        var random = new Random(seed);
        var text = corpus[random.Next(corpus.Count)];
        for (var changes = random.Next(1, ChangesMax + 1); changes > 0; changes--) text = Change(text, corpus, random);
        return text;
    }

    private static string Change(string text, IReadOnlyList<string> corpus, Random random)
    {
        if (text.Length == 0) return Pieces[random.Next(Pieces.Length)];
        var at = random.Next(text.Length);
        return random.Next(10) switch
        {
            0 => text[..at],
            1 => text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at)),
            2 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            3 => Words(text, random, replace: true),
            4 => Words(text, random, replace: false),
            5 => Lines(text, random, static (lines, i, _) => lines.RemoveAt(i)),
            6 => Lines(text, random, static (lines, i, j) => lines.Insert(j, lines[i])),
            7 => Lines(text, random, static (lines, i, j) => lines[i] = new string(' ', j % 9) + lines[i].TrimStart()),
            8 => Splice(text, corpus[random.Next(corpus.Count)], random),
            _ => text.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(2, 200)))),
        };
    }

    // A name where another stood is what finds its way deepest into the checker.
    private static string Words(string text, Random random, bool replace)
    {
        var (from, to) = (WordAt(text, random.Next(text.Length)), WordAt(text, random.Next(text.Length)));
        var word = text[from];
        return replace ? text[..to.Start] + word + text[to.End..] : text.Insert(to.Start.Value, word + " ");
    }

    private static Range WordAt(string text, int at)
    {
        var (start, end) = (at, at);
        while (start > 0 && char.IsAsciiLetterOrDigit(text[start - 1])) start--;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) end++;
        return start..Math.Max(end, Math.Min(at + 1, text.Length));
    }

    private static string Lines(string text, Random random, Action<List<string>, int, int> change)
    {
        var lines = text.Split('\n').ToList();
        change(lines, random.Next(lines.Count), random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    private static string Splice(string text, string other, Random random)
    {
        var (mine, others) = (text.Split('\n'), other.Split('\n'));
        var (cut, from) = (random.Next(mine.Length + 1), random.Next(others.Length));
        var taken = others.Skip(from).Take(random.Next(1, 30));
        return string.Join('\n', [.. mine[..cut], .. taken, .. mine[cut..]]);
    }
}
