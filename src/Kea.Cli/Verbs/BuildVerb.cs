using System.Text.Json;
using Kea.Driver;

namespace Kea.Cli;

/// <summary><c>kea build FILE -o OUT</c> (14.4).</summary>
internal static class BuildVerb
{
    public static int Execute(BuildOptions options, Terminal terminal)
    {
        if (Reporting.EntryFile(options.File, terminal) is not { } file) return 1;
        var session = new Session(ToolchainPaths.Find());
        if (Reporting.Runnable(session, file, options, terminal) is not { } program) return 1;
        var request = new BuildRequest(options.Output ?? Path.ChangeExtension(file, null), options.Cpu, FormOf(options.Emit));
        var outcome = Build.Run(program, request, session.Paths);
        if (Reporting.Fails(outcome.Diagnostics, options, terminal) || outcome.Output is not { } output) return 1;
        if (options.Json) terminal.Output.WriteLine(JsonSerializer.Serialize(new { built = output, kind = outcome.IsObject ? "object" : "executable", bytes = outcome.Bytes }));
        else if (!options.Quiet) terminal.Output.WriteLine(outcome.IsObject ? $"built object `{output}` ({outcome.Bytes} bytes)" : $"built executable `{output}`");
        return 0;
    }

    private static EmittedForm? FormOf(Emission? emission) => emission switch
    {
        Emission.Mir => EmittedForm.Mir,
        Emission.Llvm => EmittedForm.Llvm,
        Emission.Asm => EmittedForm.Assembly,
        null => null,
    };
}
