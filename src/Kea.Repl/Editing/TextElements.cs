using System.Globalization;
using System.Text;

namespace Kea.Repl.Editing;

/// <summary>Texts as people see them: in grapheme clusters, each of which takes no, one or two cells of a terminal.</summary>
public static class TextElements
{
    /// <summary>The end of the element that begins at an offset.</summary>
    public static int After(string text, int offset) => offset >= text.Length ? text.Length : offset + StringInfo.GetNextTextElementLength(text, offset);

    /// <summary>The start of the element that ends at an offset, or that it lies in.</summary>
    public static int Before(string text, int offset)
    {
        // A cluster never spans a line end, so that only one line has to be walked.
        var start = offset <= 1 ? 0 : text.LastIndexOf('\n', offset - 2) + 1;
        for (var at = start; ;)
        {
            var next = After(text, at);
            if (next >= offset) return Math.Min(at, offset);
            at = next;
        }
    }

    /// <summary>The first boundary that is not before an offset.</summary>
    public static int Boundary(string text, int offset) => offset <= 0 ? 0 : offset >= text.Length ? text.Length : After(text, Before(text, offset));

    /// <summary>Cells of an element that holds no control character.</summary>
    public static int Width(ReadOnlySpan<char> element)
    {
        if (element.Length == 1 && element[0] < 0x300) return 1;
        var width = 0;
        foreach (var rune in element.EnumerateRunes()) width = Math.Max(width, rune.Value == EmojiStyle ? 2 : Width(rune));
        return width;
    }

    private const int EmojiStyle = 0xfe0f;

    private static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    private static bool IsWide(int value)
    {
        var (low, high) = (0, Wide.Length / 2 - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < Wide[2 * middle]) high = middle - 1;
            else if (value > Wide[2 * middle + 1]) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>First and last of the ranges that are wide or full width (Unicode's EastAsianWidth), emoji included.</summary>
    private static ReadOnlySpan<int> Wide =>
    [
        0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe, 0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f,
        0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be, 0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5,
        0x26fa, 0x26fa, 0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797,
        0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55, 0x2e80, 0x303e, 0x3041, 0x3247, 0x3250, 0x4dbf, 0x4e00, 0xa4c6, 0xa960, 0xa97c,
        0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18d08, 0x1aff0, 0x1b2fb, 0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf,
        0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c, 0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0,
        0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440, 0x1f440, 0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595, 0x1f596,
        0x1f5a4, 0x1f5a4, 0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6d7, 0x1f6dc, 0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc,
        0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947, 0x1f9ff, 0x1fa70, 0x1faff, 0x20000, 0x2fffd, 0x30000, 0x3fffd,
    ];
}
