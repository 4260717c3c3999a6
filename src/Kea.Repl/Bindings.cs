using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl;

/// <summary>Part of an input that stays in the session's module.</summary>
/// <param name="Key">Equal for definitions of which a later one replaces an earlier one.</param>
internal sealed record Piece(string Key, string Name, SourceText Source, Declaration Declaration)
{
    public string Text => Source.Text[Declaration.Span.Start..Declaration.Span.End];

    /// <summary>A function whose signature names no variables, as far as its text says.</summary>
    public bool IsPlainFunction => Declaration is Declaration.Function { IsExpr: false, Header.Annotations.IsEmpty: true, Signature: { Where.IsEmpty: true } signature }
        && signature.Parameters.All(p => p is { IsBorrow: false, Type: { } type } && NamesOnlyTypes(type.Span)) && NamesOnlyTypes(signature.Result.Span);

    private bool NamesOnlyTypes(TextSpan span)
    {
        var text = Source.Slice(span);
        for (var i = 0; i < text.Length; i++)
            if ((char.IsAsciiLetterLower(text[i]) || text[i] == '_') && (i == 0 || !(char.IsAsciiLetterOrDigit(text[i - 1]) || text[i - 1] == '_'))) return false;
        return true;
    }

    public static Piece Of(SourceText source, Declaration declaration)
    {
        var (kind, name) = declaration switch
        {
            Declaration.Use use => ("use", source.Text[use.Span.Start..use.Span.End].Trim()),
            Declaration.Function function => ("value", function.Name.Text),
            Declaration.Const constant => ("value", constant.Name.Text),
            Declaration.Struct type => ("type", type.Name.Text),
            Declaration.Enum type => ("type", type.Name.Text),
            Declaration.Alias type => ("type", type.Name.Text),
            Declaration.Opaque type => ("type", type.Name.Text),
            Declaration.Trait trait => ("trait", trait.Name.Text),
            Declaration.Effect effect => ("effect", effect.Name.Text),
            Declaration.Implementation implementation => ("as", $"{implementation.Type} as {implementation.TraitPath}"),
            Declaration.Test test => ("test", test.Title),
            Declaration.Error => ("error", ""),
        };
        return new Piece($"{kind} {name}", name, source, declaration);
    }
}

/// <summary>What a <c>let</c> at the prompt has bound. The value lies in the running program, kept under the key.</summary>
/// <param name="Key">Another for each <c>let</c>, so that a later one of the same name has a value of its own.</param>
internal sealed record KeptValue(string Name, string Key, string Type);

/// <summary>What later inputs see of earlier ones.</summary>
internal sealed record Bindings(ImmutableList<Piece> Pieces, ImmutableList<KeptValue> Values)
{
    public static readonly Bindings None = new([], []);

    /// <summary>With a definition, in the place of an earlier one of the same name.</summary>
    public Bindings With(Piece piece)
    {
        var at = Pieces.FindIndex(p => p.Key == piece.Key);
        var without = piece.Declaration is Declaration.Function or Declaration.Const ? Values.RemoveAll(v => v.Name == piece.Name) : Values;
        return new Bindings(at < 0 ? Pieces.Add(piece) : Pieces.SetItem(at, piece), without);
    }

    public Bindings With(KeptValue value)
    {
        var at = Values.FindIndex(v => v.Name == value.Name);
        return this with { Values = at < 0 ? Values.Add(value) : Values.SetItem(at, value) };
    }

    /// <summary>The values that a text may mean, judged by its tokens.</summary>
    public IEnumerable<KeptValue> UsedIn(SourceText source)
    {
        if (Values.IsEmpty) return [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in SyntaxParser.Parse(source).Value.Tokens) names.Add(source.Slice(token.Span).ToString());
        // The lexer takes a string with its insertions for one token or for several; names inside count either way.
        return Values.Where(v => names.Contains(v.Name) || names.Any(n => n.StartsWith('"') && n.Contains(v.Name, StringComparison.Ordinal)));
    }
}
