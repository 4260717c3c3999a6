using Kea.Source;

namespace Kea.Types.Tests.Binding;

/// <summary>Wrong declarations with the code and a piece of the message that they must get, and nothing else.</summary>
/// <remarks>A line <c>--- Name</c> begins a further module of the project.</remarks>
public sealed class RejectedDeclarationTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        // Modules and imports.
        yield return Case("unknown module", "E0005", "module `Geomtry` not found", "use Geomtry\n--- Geometry\nfn f() -> Int\n  1\n");
        yield return Case("import cycle", "E0902", "circular module import detected: Main -> A -> B -> Main", "use A\n--- A\nuse B\n--- B\nuse Main\n");
        yield return Case("no such function", "E0005", "module `A` has no function `g`", "use A.{g}\n--- A\nfn f() -> Int\n  1\n");
        yield return Case("private of another package", "E0012", "`Option.hidden` is not public in its package", "use Option.{hidden}\n");
        yield return Case("ambiguous type", "E0001", "ambiguous name `T1`", "use A\nuse B\nfn f(x: T1) -> Int\n  1\n--- A\nstruct T1\n  x: Int\n--- B\nstruct T1\n  x: Int\n");

        // Names declared twice.
        yield return Case("function twice", "E0012", "duplicate function `f`", "fn f() -> Int\n  1\nfn f() -> Int\n  2\n");
        yield return Case("type twice", "E0001", "type `A` is already defined", "struct A\n  x: Int\nenum A\n  B\n");
        yield return Case("type and alias", "E0001", "type `A` is already defined", "struct A\n  x: Int\ntype A = Int\n");
        yield return Case("variant twice", "E0001", "duplicate variant `B`", "enum A\n  B\n  B\n");
        yield return Case("field twice", "E0003", "duplicate field `x`", "struct A\n  x: Int\n  x: Int\n");
        yield return Case("method twice", "E0012", "duplicate method `m` in `A` block", "struct A\n  x: Int\n  fn m() -> Int\n    1\n  fn m() -> Int\n    2\n");
        yield return Case("trait twice", "E0012", "duplicate trait `T`", "trait T\n  fn f(_ self: Self) -> Int\ntrait T\n  fn f(_ self: Self) -> Int\n");
        yield return Case("const twice", "E0012", "duplicate const `a`", "struct A\n  const a: Int = 1\n  const a: Int = 2\n");
        yield return Case("type parameter twice", "E0012", "duplicate type parameter `a`", "struct P(a, a)\n  x: a\n");
        yield return Case("reserved type", "E0001", "`Option`", "enum Option a\n  Nothing\n");
        yield return Case("reserved constructor", "E0001", "variant `Some` shadows a builtin constructor", "enum Maybe a\n  Some(a)\n  Nothing\n");
        yield return Case("merged names", "E0012", "conflicts with a file-scope function of the same name",
            "use Shape\n--- Shape\nstruct Shape\n  x: Int\n  fn area() -> Int\n    1\nfn area() -> Int\n  2\n");

        // Types.
        yield return Case("unknown type", "E0005", "unknown type `Wdiget`", "struct Widget\n  x: Int\nfn f(x: Wdiget) -> Int\n  1\n");
        yield return Case("unknown variable in field", "E0005", "unknown type `b`", "struct P(a)\n  x: b\n");
        yield return Case("too few arguments", "E0009", "type `Result` expects 2 type arguments but got 1", "fn f(x: Result Int) -> Int\n  1\n");
        yield return Case("too many arguments", "E0009", "type `List` expects 1 type argument but got 2", "fn f(x: List Int String) -> Int\n  1\n");
        yield return Case("arguments of a plain type", "E0009", "type `Int` expects 0 type arguments but got 1", "fn f(x: Int Int) -> Int\n  1\n");
        yield return Case("cyclic alias", "E0001", "cyclic alias definition involving", "type A = B\ntype B = List A\n");
        yield return Case("unknown in alias", "E0005", "unknown type `Nope` in alias `A`", "type A = List Nope\n");
        yield return Case("kind of an argument", "E0001", "kind mismatch", "struct Server(e: Eff)\n  run: fn() -[e]> Int\nfn f(s: Server Int) -> Int\n  1\n");
        yield return Case("kind used both ways", "E0001", "parameter `e`", "struct Server(e)\n  run: fn() -[e]> Int\n  value: e\n");
        yield return Case("duplicate label in a row", "E0003", "duplicate field `x`", "fn f(r: { x: Int, x: Int }) -> Int\n  1\n");
        yield return Case("hole in a public signature", "E0801", "a type must be written here", "doc M.\n\npub fn f(x: List _) -> Int\n  1\n");
        yield return Case("existential", "E0012", "not supported yet", "fn f(x: any Show) -> Int\n  1\n");

        // GADTs.
        yield return Case("variant of another enum", "E0006", "enum variant return type must target the enclosing enum name", "enum Term T\n  Lit(Int) : Option Int\n");
        yield return Case("equation on nothing", "E0005", "unknown type `U`", "enum Term T\n  Lit(Int) where U = Int\n");

        // Signatures.
        yield return Case("parameter without type", "E0801", "parameter `x` of `f` needs a type annotation", "fn f(x) -> Int\n  1\n");
        yield return Case("self without type in a struct", "E0801", "parameter `self`", "struct A\n  x: Int\n  fn m(_ self) -> Int\n    1\n");
        yield return Case("parameter twice", "E0012", "duplicate parameter `x`", "fn f(x: Int, x: Int) -> Int\n  1\n");
        yield return Case("unknown trait in a bound", "E0010", "unknown trait `Shwo`", "fn f(x: a) -> Int where a: Shwo\n  1\n");
        yield return Case("bound on nothing", "E0005", "unknown type variable `b`", "fn f(x: a) -> Int where b: Show\n  1\n");
        yield return Case("no associated type", "E0005", "has no associated type `Item`", "fn f(x: c) -> c.Item where c: Show\n  f(x)\n");
        yield return Case("equations disagree", "E0010", "cannot be both", "use Foldable\nfn f(x: c) -> Int where c: Foldable, c.Item = Int, c.Item = String\n  1\n");
        yield return Case("unconstrained tail", "E0001", "effect variable `e` is unconstrained", "fn f(x: Int) -[e]> Int\n  x\n");
        yield return Case("two payloads", "E0001", "multiple incompatible `Fail` entries", "fn f() -[Fail Int, Fail String]> Int\n  1\n");
        yield return Case("unknown effect", "E0005", "unknown effect `Loog`", "effect Log\n  fn info(msg: String) -> Unit\nfn f() -[Loog]> Int\n  1\n");
        yield return Case("variable as type and row", "E0001", "kind mismatch", "fn f(g: fn() -[e]> Int, x: e) -> Int\n  1\n");
        yield return Case("extern without convention", "E0012", "@extern requires a calling convention argument", "@extern\nfn labs(n: Int) -[IO]> Int\n");

        // Effects.
        yield return Case("operation with another effect", "E0012", "cannot name the effect", "effect Log\n  fn info(msg: String) -[IO]> Unit\n");
        yield return Case("operation twice", "E0012", "duplicate operation `a`", "effect Log\n  fn a() -> Int\n  fn a() -> Int\n");
        yield return Case("unique state", "E0012", "State effect payload cannot contain `Unique`",
            "effect State S\n  fn get() -> S\n  fn put(next: S) -> Unit\nfn f() -[State (List (Unique Int))]> Int\n  1\n");

        // Traits and implementations.
        yield return Case("own supertrait", "E0012", "its own supertrait", "trait A: A\n  fn f(_ self: Self) -> Int\n");
        yield return Case("unknown supertrait", "E0012", "unknown trait `Nope`", "trait A: Nope\n  fn f(_ self: Self) -> Int\n");
        yield return Case("supertrait twice", "E0012", "duplicate supertrait `Eq`", "trait A: Eq + Eq\n  fn f(_ self: Self) -> Int\n");
        yield return Case("circular supertraits", "E0012", "circular supertraits", "trait A: B\n  fn f(_ self: Self) -> Int\ntrait B: A\n  fn g(_ self: Self) -> Int\n", 2);
        yield return Case("unknown trait", "E0010", "unknown trait `Nope`", Box + "Box as Nope\n  fn f(x: Box) -> Int\n    1\n");
        yield return Case("missing method", "E0010", "is missing method(s): `show`", Box + "trait Both\n  fn a(_ self: Self) -> Int\n  fn show(_ self: Self) -> Int\nBox as Both\n  fn a(_ self: Box) -> Int\n    1\n");
        yield return Case("extra method", "E0010", "has extra method(s) not in trait: `dec`", Box + "Box as Show\n  fn show(x: Box) -> String\n    \"\"\n  fn dec(x: Box) -> Int\n    1\n");
        yield return Case("wrong type", "E0010", "has incompatible type: expected `fn(Box) -> String`, found `fn(Box) -> Int`", Box + "Box as Show\n  fn show(x: Box) -> Int\n    1\n");
        yield return Case("wrong arity", "E0010", "has incompatible type", Box + "Box as Show\n  fn show(x: Box, y: Int) -> String\n    \"\"\n");
        yield return Case("more general than the trait", "E0010", "has incompatible type", Box + "Box as Show\n  fn show(x: b) -> String\n    \"\"\n");
        yield return Case("less general than the trait", "E0010", "has incompatible type",
            Box + "trait Conv\n  fn conv(_ self: Self, x: b) -> b\nBox as Conv\n  fn conv(_ self: Box, x: Int) -> Int\n    x\n");
        yield return Case("more effects", "E0014", "impl method `show` has effect `IO`, but trait `Show` requires `->`", Box + "Box as Show\n  fn show(x: Box) -[IO]> String\n    \"\"\n");
        yield return Case("implemented twice", "E0010", "conflicting implementation", Box + "Box as Show\n  fn show(x: Box) -> String\n    \"\"\nBox as Show\n  fn show(x: Box) -> String\n    \"\"\n");
        yield return Case("orphan", "E0010", "orphan rule violation", "List a as Show where a: Show\n  fn show(x: List a) -> String\n    \"\"\n");
        yield return Case("missing supertrait", "E0010", "does not implement trait `Eq`", Box + "trait Ranked: Eq\n  fn rank(_ self: Self) -> Int\nBox as Ranked\n  fn rank(_ self: Box) -> Int\n    1\n");
        yield return Case("bare constructor", "E0009", "type `List` expects 1 type argument but got 0", "trait Sized\n  fn size(_ self: Self) -> Int\nList as Sized\n  fn size(_ self: List Int) -> Int\n    1\n");
        yield return Case("alias", "E0010", "a trait cannot be implemented for an alias", Box + "type Crate = Box\nCrate as Show\n  fn show(x: Box) -> String\n    \"\"\n");
        yield return Case("associated type missing", "E0010", "does not assign the associated type `Item`", Box + "trait Seq\n  type Item\n  fn at(_ self: Self) -> Int\nBox as Seq\n  fn at(_ self: Box) -> Int\n    1\n");
        yield return Case("associated type unknown", "E0010", "has no associated type `Elem`", Box + "trait Seq\n  type Item\n  fn at(_ self: Self) -> Int\nBox as Seq where Item = Int, Elem = Int\n  fn at(_ self: Box) -> Int\n    1\n");
        yield return Case("associated type twice", "E0010", "is assigned twice", Box + "trait Seq\n  type Item\n  fn at(_ self: Self) -> Int\nBox as Seq where Item = Int, Item = Int\n  fn at(_ self: Box) -> Int\n    1\n");
        yield return Case("associated type without its bound", "E0010", "does not implement trait `Ord`",
            Box + "trait Seq\n  type Index where Index: Ord\n  fn at(_ self: Self, i: Self.Index) -> Int\nBox as Seq where Index = Box\n  fn at(_ self: Box, i: Box) -> Int\n    1\n");
        yield return Case("trait arguments", "E0009", "trait `From` expects 1 type argument but got 0", Box + "trait From t\n  fn from(value: t) -> Self\nBox as From\n  fn from(value: Int) -> Box\n    Box { n: value }\n");
        yield return Case("ambiguous bound", "E0010", "ambiguous bound", "trait From t\n  fn from(value: t) -> Self\nfn f(x: a) -> a where a: From\n  x\n");

        // Deriving and annotations.
        yield return Case("derive nothing", "E0012", "`@derive` requires at least one trait name argument", "@derive()\nstruct A\n  x: Int\n");
        yield return Case("derive unknown", "E0012", "unsupported derive trait `Foo`", "@derive(Foo)\nstruct A\n  x: Int\n");
        yield return Case("unknown annotation", "E0012", "unknown annotation `@unsave`", "@unsave\nfn f() -> Int\n  1\n");
        yield return Case("annotation on the wrong thing", "E0012", "`@unboxed` is not valid on function declaration", "@unboxed\nfn f() -> Int\n  1\n");
        yield return Case("arguments to a plain annotation", "E0012", "`@unboxed` does not accept arguments", "@unboxed(1)\nstruct A\n  x: Int\n");
        yield return Case("no text", "E0012", "`@intrinsic` expects exactly one positional string argument", "@intrinsic\nfn f() -> Int\n  1\n");
        yield return Case("boxed field", "E0012", "`@unboxed` field `s` must be a value type", "@unboxed\nstruct A\n  s: String\n");
        yield return Case("pure with effects", "E0012", "`@pure` contradicts", "@pure\nfn f() -[IO]> Int\n  1\n");
        yield return Case("in place", "E0012", "not supported yet", "@fip\nfn f(x: Int) -> Int\n  x\n");
    }

    private const string Box = "struct Box\n  n: Int\n";

    private static TestCaseData Case(string name, string code, string fragment, string source, int count = 1) =>
        new TestCaseData(code, fragment, source, count).SetName($"{{m}}({name})");

    [TestCaseSource(nameof(Cases))]
    public void Reports(string code, string fragment, string source, int count)
    {
        var errors = Library.Bind(Library.Split(source)).Diagnostics.Where(d => d.Severity == Severity.Error).ToArray();
        var shown = string.Join("\n", errors.Select(e => $"{e.Primary?.Span} {e.Code} {e.Message}"));
        Assert.That(errors, Has.Length.EqualTo(count), shown);
        Assert.That(errors[0].Code, Is.EqualTo(code), shown);
        Assert.That(errors[0].Message, Does.Contain(fragment));
        Assert.That(errors[0].Primary, Is.Not.Null);
    }

    [TestCase("W1001", "pub fn f() -> Int\n  1\n")]
    [TestCase("W1005", "struct A\n  x: Int\n  fn x(_ self: A) -> Int\n    1\n")]
    [TestCase("W1006", "fn f() -[volatile]> Int\n  1\n")]
    [TestCase("W1006", "@deprecated(\"use New\")\nstruct Old\n  x: Int\n\n  fn mk() -> Old\n    Old { x: 1 }\n\nfn f(o: Old) -> Int\n  o.x\n")]
    [TestCase("W1006", "@deprecated\n@derive(Eq, Show)\nenum Old\n  A\n  B(Int)\n\ntype Alias = Old\n")]
    [TestCase("W1007", "use Hash\n--- Hash\nfn f() -> Int\n  1\n")]
    [TestCase("W1008", "struct A\n  @rename(\"y\")\n  x: Int\n")]
    public void Warns(string code, string source)
    {
        var diagnostics = Library.Bind(Library.Split(source)).Diagnostics;
        Assert.That(diagnostics.Select(d => d.Code), Is.EqualTo(new[] { code }));
    }
}
