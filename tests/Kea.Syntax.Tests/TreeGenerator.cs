using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>Random trees that source can express; the same seed gives the same tree.</summary>
internal sealed partial class TreeGenerator(int seed)
{
    private static readonly string[] LowerNames = ["a", "b", "xs", "total", "_rest", "handle", "panic", "any", "x1", "fail"];
    private static readonly string[] PlainNames = ["a", "b", "xs", "total", "_rest", "x1", "e"];
    private static readonly string[] UpperNames = ["A", "Box", "Some", "None", "List", "T"];
    private static readonly string[] PathNames = ["A", "Box", "Map", "Geo"];

    private readonly Random _random = new(seed);

    private static TextSpan Span => default;

    public SyntaxTree File()
    {
        var annotations = Chance(8) ? ImmutableArray.Create(new Annotation(new Name("nodoc", Span), [], false, Span)) : [];
        var doc = Chance(6) ? new DocBlock(OneOf("Module.", "Two\nlines.", "Text\n\n  deeper"), Span) : null;
        var tree = new SyntaxTree(new SourceText("generated.kea", ""), [], annotations, doc, Many(1, 4, Declaration));
        return tree;
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
    private int Pick(int count) => _random.Next(count);
    private T OneOf<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    private ImmutableArray<T> Many<T>(int min, int max, Func<T> make)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        for (var count = _random.Next(min, max + 1); count > 0; count--) items.Add(make());
        return items.ToImmutable();
    }

    /// <summary>Where a word of the language would be read as that word.</summary>
    private Name Plain() => new(OneOf<string>(PlainNames), Span);
    /// <summary>Where any lower identifier may stand: fields, labels, operations.</summary>
    private Name Lower() => new(OneOf<string>(LowerNames), Span);
    private Name Upper() => new(OneOf<string>(PathNames), Span);
    private PathName Path() => new(Many(1, 2, Upper), Span);

    private string DocText() => OneOf("One line.", "Two\nlines.", "Text\n\n  indented \"quote (\n\nmore", "", " leading", "\nblank first");

    private DocBlock? Doc() => Chance(5) ? new DocBlock(DocText(), Span) : null;

    private Header Header(bool isPublicAllowed, bool isAnnotated = true) => new(
        Doc(),
        isAnnotated && Chance(4) ? Many(1, 2, Annotation) : [],
        isPublicAllowed && Chance(4));

    private Annotation Annotation()
    {
        var hasParentheses = Chance(2);
        ImmutableArray<Argument> arguments = hasParentheses ? Many(0, 2, () => new Argument(null, Atom(0))) : [];
        return new Annotation(new Name(OneOf("derive", "with", "unsafe", "rename"), Span), arguments, hasParentheses, Span);
    }
}
