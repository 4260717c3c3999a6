using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Binding;

/// <summary>
/// What binding takes over from an earlier program: modules with the same tree, unless they use one without. What is bound on top of them is
/// what binding everything gives.
/// </summary>
public sealed class KeptModuleTests
{
    private const string Project = """
        use Middle
        use Aside

        fn main() -> Middle.Pair
          Middle.both(Aside.one())
        --- Middle
        use Base

        struct Pair
          left: Base.Number
          right: Base.Number

        fn both(n: Int) -> Pair
          Pair { left: Base.of(n), right: Base.of(n) }
        --- Base
        struct Number
          n: Int

        fn of(n: Int) -> Number
          Number { n: n }
        --- Aside
        fn one() -> Int
          1

        """;

    private sealed class Edited
    {
        private readonly Dictionary<(string Name, string Text), ModuleInput> _inputs = [];
        private readonly ImmutableArray<ModuleInput> _library;

        public Edited(ImmutableArray<ModuleInput> library, string project)
        {
            _library = library;
            Before = Bind(project, null).Value;
        }

        public IBoundProgram Before { get; }

        /// <summary>A text that was there before has the tree that it had.</summary>
        public Phase<IBoundProgram> Bind(string project, IBoundProgram? before, string entry = "Main")
        {
            var modules = ImmutableArray.CreateBuilder<ModuleInput>();
            foreach (var (name, text) in Library.Split(project))
            {
                if (!_inputs.TryGetValue((name, text), out var input)) _inputs.Add((name, text), input = Library.Parse(name, text, ModuleOrigin.Project));
                modules.Add(input);
            }
            return Binder.Bind([.. modules, .. _library], entry, before: before);
        }

        public IBoundProgram After(string project)
        {
            var bound = Bind(project, Before);
            Assert.That(bound.Diagnostics.Where(d => d.Severity == Severity.Error), Is.Empty);
            return bound.Value;
        }
    }

    private static Edited New() => new(Library.Modules, Project);
    private static ModuleSymbol Named(IBoundProgram program, string name) => program.Modules.Single(m => m.Name == name && m.Origin == ModuleOrigin.Project);
    private static IEnumerable<string> Fresh(IBoundProgram program) => program.Fresh.Select(m => m.Name).Order(StringComparer.Ordinal);
    private static string Dump(IBoundProgram program) => string.Concat(program.Modules.Select(m => DeclarationDump.Of(m, program)));

    [TestCase("--- Aside\n", "--- Aside\nstruct More\n  x: Int\n", "Aside Main")]
    [TestCase("n: Int\n\nfn of", "n: Int\n  m: Int\n\nfn of", "Base Main Middle")]
    [TestCase("  right: Base.Number\n", "  middle: Base.Number\n", "Main Middle")]
    [TestCase("use Aside\n", "use Aside\nstruct Own\n  x: Int\n", "Main")]
    public void A_module_that_changed_is_bound_anew_with_those_that_use_it(string old, string now, string fresh)
    {
        var edited = New();
        var after = edited.After(Project.Replace(old, now));
        Assert.That(Fresh(after), Is.EqualTo(fresh.Split(' ')));
        foreach (var module in after.Modules)
            Assert.That(edited.Before.Modules.Contains(module), Is.EqualTo(!after.Fresh.Contains(module)), module.Name);
    }

    [TestCase("--- Aside\n", "--- Aside\nstruct More\n  x: Int\n")]
    [TestCase("n: Int\n\nfn of", "n: Int\n  m: Int\n\nfn of")]
    [TestCase("use Aside\n", "use Aside\nuse Base\ntype Alias = Base.Number\n")]
    [TestCase("--- Base\n", "--- Base\nuse Eq\ntrait Sized\n  fn size(_ self: Self) -> Int\n\nInt as Sized\n  fn size(_ self: Int) -> Int\n    self\n")]
    public void What_is_declared_is_what_binding_everything_gives(string old, string now)
    {
        var edited = New();
        var text = Project.Replace(old, now);
        var (after, whole) = (edited.After(text), edited.Bind(text, null).Value);
        Assert.That(Dump(after), Is.EqualTo(Dump(whole)));
        foreach (var trait in whole.Modules.SelectMany(m => m.Traits.Values))
        {
            var same = Named(after, trait);
            Assert.That(Implementations(after, same), Is.EqualTo(Implementations(whole, trait)));
        }

        static TraitSymbol Named(IBoundProgram program, TraitSymbol trait) =>
            program.Modules.Single(m => m.Name == trait.Module.Name && m.Origin == trait.Module.Origin).Traits[trait.Name];

        static IEnumerable<string> Implementations(IBoundProgram program, TraitSymbol trait) => program.ImplementationsOf(trait).Select(i => TypePrinter.Text(i.Self)).Order(StringComparer.Ordinal);
    }

    [Test]
    public void A_type_of_a_module_that_is_kept_is_the_same_type_in_one_that_is_not()
    {
        var edited = New();
        var after = edited.After(Project.Replace("  right: Base.Number\n", "  right: Base.Number\n  more: Int\n"));
        var number = Named(edited.Before, "Base").Types["Number"];
        Assert.That(Named(after, "Base").Types["Number"], Is.SameAs(number));
        Assert.That(((Type.Named)Named(after, "Middle").Types["Pair"].Fields[0].Type).Symbol, Is.SameAs(number));
    }

    [Test]
    public void Nothing_is_bound_where_nothing_has_changed()
    {
        var after = New().After(Project);
        Assert.That(after.Fresh, Is.Empty);
    }

    [Test]
    public void With_another_set_of_modules_the_library_alone_is_kept()
    {
        var after = New().After(Project + "--- Other\nfn two() -> Int\n  2\n");
        Assert.That(after.Fresh, Is.EquivalentTo(after.Modules.Where(m => m.Origin == ModuleOrigin.Project)));
    }

    [Test]
    public void A_module_that_takes_the_place_of_one_of_the_library_keeps_nothing()
    {
        var edited = New();
        var bound = edited.Bind(Project + "--- Order\nfn sorted() -> Int\n  1\n", edited.Before);
        Assert.That(bound.Value.Fresh, Is.EqualTo(bound.Value.Modules));
    }

    [Test]
    public void Another_entry_keeps_nothing()
    {
        var edited = New();
        var bound = edited.Bind(Project, edited.Before, entry: "Base");
        Assert.That(bound.Value.Fresh, Is.EqualTo(bound.Value.Modules));
    }

    [Test]
    public void Errors_of_what_is_bound_anew_are_those_of_binding_everything()
    {
        var edited = New();
        var text = Project.Replace("struct Number\n", "struct Numeral\n");
        var (bound, whole) = (edited.Bind(text, edited.Before), edited.Bind(text, null));
        Assert.That(whole.Diagnostics, Is.Not.Empty);
        Assert.That(bound.Diagnostics.Select(d => (d.Code, d.Message)), Is.EquivalentTo(whole.Diagnostics.Select(d => (d.Code, d.Message))));
        // What failed has left nothing in the program that was there before.
        Assert.That(edited.After(Project).Fresh, Is.Empty);
    }

    [Test]
    public void Warnings_of_modules_that_are_kept_are_not_repeated()
    {
        const string Undocumented = "pub fn one() -> Int\n  1\n";
        var edited = New();
        var text = Project.Replace("fn one() -> Int\n  1\n", Undocumented);
        var first = edited.Bind(text, null);
        Assert.That(first.Diagnostics.Select(d => d.Code), Has.Some.StartsWith("W"));
        Assert.That(edited.Bind(text.Replace("  right: Base.Number\n", "  middle: Base.Number\n"), first.Value).Diagnostics, Is.Empty);
    }

    [Test]
    public void The_real_library_is_kept_whole()
    {
        var edited = new Edited(StandardLibraryTests.Parsed, "fn main() -> Int\n  1\n");
        Assert.That(Fresh(edited.After("struct Own\n  x: Int\n\nfn main() -> Int\n  1\n")), Is.EqualTo((string[])["Main"]));
    }
}
