using Kea.Source;
using Kea.Types;

namespace Kea.Driver;

/// <summary>The one thing <c>run</c> and <c>build</c> need beyond a correct program. The shape of a main that is there is the checker's business.</summary>
public static class NoMain
{
    /// <summary>Null when the program has a main.</summary>
    public static Diagnostic? Problem(CheckedProgram program) => program.Main is not null ? null
        : new Diagnostic("E0903", Severity.Error, $"no main function in `{program.Entry.Source.Path}`", null, [], [],
            "add `fn main() -[IO]> ()`; a file without main can still be checked, tested and imported");
}
