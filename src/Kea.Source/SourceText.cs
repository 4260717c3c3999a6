namespace Kea.Source;

/// <summary>The text of one file with the path it is shown under; immutable.</summary>
/// <remarks>Positions are UTF-16 offsets; <see cref="LineMap"/> turns them into lines, columns and byte offsets.</remarks>
public sealed class SourceText(string path, string text)
{
    private LineMap? _lines;

    public string Path { get; } = path;
    public string Text { get; } = text;
    public int Length => Text.Length;

    /// <summary>Line starts; computed when first asked for (benign race: the result is always the same).</summary>
    public LineMap Lines => _lines ??= LineMap.Of(Text);

    public ReadOnlySpan<char> Slice(TextSpan span) => Text.AsSpan(span.Start, span.Length);
    public override string ToString() => Path;
}

/// <summary>A half-open range of UTF-16 offsets in one file.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    public int Length => End - Start;
    public static TextSpan Empty(int at) => new(at, at);
    public TextSpan Until(TextSpan last) => new(Start, Math.Max(End, last.End));
    public bool Contains(int offset) => offset >= Start && offset < End;
    public override string ToString() => $"{Start}..{End}";
}

/// <summary>A range in a particular file.</summary>
public readonly record struct SourceSpan(SourceText Source, TextSpan Span)
{
    public override string ToString() => $"{Source.Path}:{Source.Lines.LineOf(Span.Start) + 1}:{Source.Lines.ColumnOf(Span.Start) + 1}";
}
