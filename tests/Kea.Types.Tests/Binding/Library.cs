using System.Collections.Immutable;
using System.Text;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Binding;

/// <summary>A small library with the shape of the standard one, so that tests of declarations depend on nothing else.</summary>
internal static class Library
{
    private static readonly (string Name, string Text)[] Sources =
    [
        ("Prelude", """
            use Eq
            use Ord
            use Order
            use Show
            use Option
            use Result
            use List

            pub fn ping() -> Int
              7
            """),
        ("Eq", """
            pub trait Eq a
              fn eq(x: a, y: a) -> Bool

            Int as Eq
              fn eq(x: Int, y: Int) -> Bool
                x == y

            String as Eq
              fn eq(x: String, y: String) -> Bool
                x == y

            pub fn eq(x: Int, y: Int) -> Bool
              x == y
            """),
        ("Order", """
            @derive(Eq, Show)
            pub enum Ordering
              Less
              Equal
              Greater

            pub fn compare_int(x: Int, y: Int) -> Ordering
              if x < y then Less else if x == y then Equal else Greater
            """),
        ("Ord", """
            use Eq
            use Order

            pub trait Ord a where a: Eq
              fn compare(x: a, y: a) -> Ordering

            Int as Ord
              fn compare(x: Int, y: Int) -> Ordering
                Order.compare_int(x, y)
            """),
        ("Show", """
            pub trait Show a
              fn show(x: a) -> String

            Int as Show
              fn show(x: Int) -> String
                "{x}"

            String as Show
              fn show(x: String) -> String
                x
            """),
        ("Option", """
            pub effect Fail E
              fn fail(error: E) -> Never

            @derive(Eq, Show, Ord)
            pub enum Option a
              None
              Some(a)

            pub fn map(opt: Option a, f: fn(a) -[e]> b) -[e]> Option b
              case opt
                None -> None
                Some(x) -> Some(f(x))

            fn hidden() -> Int
              1
            """),
        ("Result", """
            pub effect Fail E
              fn fail(error: E) -> Never

            @derive(Eq, Show, Ord)
            pub enum Result a e
              Ok(a)
              Err(e)
            """),
        ("List", """
            @derive(Eq)
            pub enum List a
              Nil
              Cons(a, List a)

            pub fn length(xs: List a) -> Int
              case xs
                Nil -> 0
                Cons(_, rest) -> 1 + List.length(rest)
            """),
        ("Hash", """
            pub trait Hash a
              fn hash(x: a) -> Int

            Int as Hash
              fn hash(x: Int) -> Int
                x
            """),
        ("IO", """
            pub effect IO
              fn stdout(msg: String) -> Unit

            pub fn println(msg: String) -[IO]> Unit
              IO.stdout(msg)
            """),
        ("Foldable", """
            pub trait Foldable
              type Item
              fn fold(_ self: Self, _ init: b, _ f: fn(b, Self.Item) -[e]> b) -[e]> b
            """),
    ];

    /// <summary>Parsed once; trees are immutable.</summary>
    public static readonly ImmutableArray<ModuleInput> Modules =
        [.. Sources.Select(s => Parse(s.Name, s.Text, ModuleOrigin.Standard))];

    public static ModuleInput Parse(string name, string text, ModuleOrigin origin)
    {
        var tree = SyntaxParser.Parse(new SourceText($"{name.ToLowerInvariant()}.kea", text));
        Assert.That(tree.Diagnostics, Is.Empty, $"{name} does not parse");
        return new ModuleInput(name, tree.Value, origin);
    }

    /// <summary>Binds project modules together with the library.</summary>
    public static Phase<IBoundProgram> Bind(params (string Name, string Text)[] project) =>
        Binder.Bind([.. project.Select(p => Parse(p.Name, p.Text, ModuleOrigin.Project)), .. Modules], project[0].Name);

    /// <summary>A file with several modules: <c>--- Name</c> begins one, what stands before the first is <c>Main</c>.</summary>
    public static (string Name, string Text)[] Split(string text)
    {
        var modules = new List<(string, StringBuilder)> { ("Main", new StringBuilder()) };
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("--- ", StringComparison.Ordinal)) modules.Add((line[4..].Trim(), new StringBuilder()));
            else modules[^1].Item2.Append(line).Append('\n');
        }
        return [.. modules.Select(m => (m.Item1, m.Item2.ToString()))];
    }
}
