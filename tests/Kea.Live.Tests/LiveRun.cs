using Kea.Llvm;
using Kea.Mir;
using Kea.Testing;

namespace Kea.Live.Tests;

/// <summary>MIR text → code in this process → what it prints. One engine serves all tests, as in a session.</summary>
internal static class LiveRun
{
    public static JitEngine Engine { get; } = new(new RuntimeLibrary(new RuntimeFiles(Repository.Path(".build", "native"))));

    /// <summary>Quick code that checks its calls through slots.</summary>
    public static LiveOptions Checked { get; } = LiveOptions.T0 with { ChecksCalls = true };

    public static MirProgram Parse(string text)
    {
        var parsed = MirParser.ParseProgram(text);
        Assert.That(parsed.Diagnostics, Is.Empty, text);
        return parsed.Value;
    }

    public static RunOutput Run(string text, params string[] arguments) => Run(text, Checked, arguments);

    /// <summary>Runs under the leak check: objects left behind give status 102.</summary>
    public static RunOutput Run(string text, LiveOptions options, params string[] arguments)
    {
        var source = new ProgramSource(Parse(text));
        using var program = new LiveProgram(Engine, source, options);
        return Run(program, source.Program.Entry!.Value, arguments);
    }

    public static RunOutput Run(LiveProgram program, FunctionId entry, params string[] arguments) => RunWithMessage(program, entry, arguments).Output;

    public static (RunOutput Output, string Message) RunWithMessage(LiveProgram program, FunctionId entry, params string[] arguments)
    {
        using var output = new OutputFile();
        using var error = new OutputFile();
        var result = program.Run(entry, new RunOptions(arguments, CheckLeaks: true) 
        {
            OutFd = output.Descriptor, ErrorFd = error.Descriptor, Started = context => _contextOfThisThread = context,
        });
        return (new(result.Status, output.Text(), error.Text()), result.Message);
    }

    /// <summary>Without capturing output.</summary>
    public static RunResult RunQuietly(LiveProgram program, FunctionId entry) => program.Run(entry, new RunOptions([], CheckLeaks: true));

    /// <summary>The context of the run whose Kea thread this is.</summary>
    public static nint ContextOfThisThread => _contextOfThisThread;

    [ThreadStatic] private static nint _contextOfThisThread;

    private sealed class OutputFile : IDisposable
    {
        private readonly string _path = Path.GetTempFileName();
        private readonly FileStream _file;

        public OutputFile() => _file = new FileStream(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);

        public int Descriptor => (int)_file.SafeFileHandle.DangerousGetHandle();
        public string Text() => File.ReadAllText(_path);

        public void Dispose()
        {
            _file.Dispose();
            File.Delete(_path);
        }
    }
}

internal sealed record RunOutput(int Status, string Output, string Error);
