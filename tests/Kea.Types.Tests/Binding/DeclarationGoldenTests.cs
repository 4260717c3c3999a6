using Kea.Source;
using Kea.Testing;

namespace Kea.Types.Tests.Binding;

/// <summary>What the binder makes of declarations: the symbols of each project module.</summary>
public sealed class DeclarationGoldenTests
{
    private const string Phase = "declarations";

    public static IEnumerable<string> Names() => Golden.Names(Phase);

    [TestCaseSource(nameof(Names))]
    public void Symbols(string name)
    {
        var bound = Library.Bind(Library.Split(Golden.Source(Phase, name)));
        Assert.That(bound.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{d.Primary?.Span} {d.Code} {d.Message}"), Is.Empty);
        Golden.Check(Phase, name, string.Join("\n", bound.Value.Modules.Where(m => m.Origin == ModuleOrigin.Project).Select(m => DeclarationDump.Of(m, bound.Value))));
    }

    [Test]
    public void No_orphans() => Golden.NoOrphans(Phase);
}
