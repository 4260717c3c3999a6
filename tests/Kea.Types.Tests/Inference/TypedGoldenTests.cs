using System.Text;
using Kea.Source;
using Kea.Testing;

namespace Kea.Types.Tests.Inference;

/// <summary>Typed bodies of whole programs: <c>tests/golden/types</c>.</summary>
public sealed class TypedGoldenTests
{
    private const string Phase = "types";

    public static IEnumerable<string> Names() => Golden.Names(Phase);

    [TestCaseSource(nameof(Names))]
    public void Matches(string name)
    {
        var source = Golden.Source(Phase, name);
        var (program, diagnostics) = Checking.Check(source);
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics) text.Append(diagnostic.Severity == Severity.Error ? "error " : "warning ").Append(Checking.Print(diagnostic)).Append('\n');
        if (diagnostics.Length > 0) text.Append('\n');
        foreach (var function in Functions(program.Entry).OrderBy(f => f.Span.Start))
            if (program.BodyOf(function) is { } body) text.Append(TypedDump.Text(body)).Append('\n');
        Golden.Check(Phase, name, text.ToString());
    }

    private static IEnumerable<FunctionSymbol> Functions(ModuleSymbol module) =>
        module.Functions.Values
            .Concat(module.Types.Values.SelectMany(t => t.Methods.Values))
            .Concat(module.Traits.Values.SelectMany(t => t.Methods.Values))
            .Concat(module.Implementations.SelectMany(i => i.Methods.Values).Where(f => f.OwnerTrait is null || f.OwnerImplementation is not null))
            .Concat(module.Tests.Select(t => t.Function));

    [Test]
    public void Has_no_orphans() => Golden.NoOrphans(Phase);
}
