using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl;

/// <summary>Part of an input that stays in the session's module.</summary>
/// <param name="Key">Equal for definitions of which a later one replaces an earlier one.</param>
internal sealed record Piece(string Key, string Name, SourceText Source, Declaration Declaration)
{
    public string Text => Source.Text[Declaration.Span.Start..Declaration.Span.End];

    /// <summary>A function or const: what a value of the same name would hide, or be hidden by.</summary>
    public bool IsNamedValue => Declaration is Declaration.Function or Declaration.Const;

    public bool Mentions(string name) => Bindings.NamesIn(new SourceText("definition", Text))(name);

    /// <summary>A function whose signature names no variables, as far as its text says.</summary>
    public bool IsPlainFunction => Declaration is Declaration.Function { IsExpr: false, Header.Annotations.IsEmpty: true, Signature: { Where.IsEmpty: true } signature }
        && signature.Parameters.All(p => p is { IsBorrow: false, Type: { } type } && NamesOnlyTypes(type.Span)) && NamesOnlyTypes(signature.Result.Span)
        && signature.Effects is { Tail: null, IsAlias: false } row && row.Items.All(i => IsServed(Source.Text[i.Path.Span.Start..i.Path.Span.End]));

    /// <summary>A function that performs anything else cannot be run by itself.</summary>
    private static bool IsServed(string effect) => effect is "Fail" || SessionModule.Served.Contains(effect);

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
        var without = piece.IsNamedValue ? Values.RemoveAll(v => v.Name == piece.Name) : Values;
        return new Bindings(at < 0 ? Pieces.Add(piece) : Pieces.SetItem(at, piece), without);
    }

    /// <summary>With a value, in the place of what had its name.</summary>
    public Bindings With(KeptValue value)
    {
        var at = Values.FindIndex(v => v.Name == value.Name);
        return new Bindings(Pieces.RemoveAll(p => p.IsNamedValue && p.Name == value.Name), at < 0 ? Values.Add(value) : Values.SetItem(at, value));
    }

    /// <summary>The definitions of an earlier state, with the values of this one: they cannot be had again.</summary>
    public Bindings WithDefinitionsOf(Bindings earlier) => new(earlier.Pieces, Values.RemoveAll(v => earlier.IsDefined(v.Name)));

    /// <summary>Whether a function or const has the name.</summary>
    public bool IsDefined(string name) => Pieces.Any(p => p.IsNamedValue && p.Name == name);

    /// <summary>Whether a definition may mean a name, judged by its tokens.</summary>
    public bool IsMentioned(string name) => Pieces.Any(p => p.Text.Contains(name, StringComparison.Ordinal) && p.Mentions(name));

    /// <summary>The values that a text may mean, judged by its tokens.</summary>
    public IEnumerable<KeptValue> UsedIn(SourceText source)
    {
        if (Values.IsEmpty) return [];
        var names = NamesIn(source);
        return Values.Where(v => names(v.Name));
    }

    /// <summary>Whether a text may mean a name.</summary>
    public static Predicate<string> NamesIn(SourceText source)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in SyntaxParser.Parse(source).Value.Tokens) names.Add(source.Slice(token.Span).ToString());
        // The lexer takes a string with its insertions for one token or for several; names inside count either way.
        return name => names.Contains(name) || names.Any(n => n.StartsWith('"') && n.Contains(name, StringComparison.Ordinal));
    }
}
