using System.Text;

namespace Kea.Driver;

/// <summary>The part a piece of output plays; the edge decides about colours.</summary>
public enum TextRole { Plain, Error, Warning, Info, Accent, Title, Muted }

/// <summary>Text in pieces with roles. Without colours it is just the pieces joined.</summary>
public sealed class StyledText
{
    private readonly List<(string Text, TextRole Role)> _pieces = [];

    public IReadOnlyList<(string Text, TextRole Role)> Pieces => _pieces;

    public StyledText Add(string text, TextRole role = TextRole.Plain)
    {
        if (text.Length > 0) _pieces.Add((text, role));
        return this;
    }

    public StyledText Line(string text = "", TextRole role = TextRole.Plain) => Add(text, role).Add("\n");

    public override string ToString()
    {
        var builder = new StringBuilder();
        foreach (var (text, _) in _pieces) builder.Append(text);
        return builder.ToString();
    }
}
