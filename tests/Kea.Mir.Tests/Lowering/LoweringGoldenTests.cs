using System.Text;
using Kea.Mir;
using Kea.Testing;

namespace Kea.Mir.Tests;

/// <summary>MIR before counts, for programs in <c>tests/golden/mir/lower</c>. The library's bodies are left out.</summary>
[TestFixture]
public class LoweringGoldenTests
{
    private const string phase = "mir/lower";

    [TestCaseSource(nameof(Names))]
    public void Lowers_as_before(string name)
    {
        var program = Programs.Check(Golden.Source(phase, name), Golden.DisplayPath(name));
        var session = new LoweringSession();
        var lowered = Lowering.Lower(program, new LoweringRoots.Main(), session, id => !IsOwn(session[id].Name)).Program;
        var text = new StringBuilder();
        foreach (var function in lowered.Functions) text.Append(MirPrinter.Print(function, lowered)).Append('\n');
        Golden.Check(phase, name, text.ToString());
    }

    [Test]
    public void No_text_without_program() => Golden.NoOrphans(phase);

    private static IEnumerable<string> Names() => Golden.Names(phase);

    // The program's functions and what was made for its types.
    private static bool IsOwn(string name) => name.Contains("Main.") || name.Contains("Tuple(") || name.Contains('[') || name == "main";
}
