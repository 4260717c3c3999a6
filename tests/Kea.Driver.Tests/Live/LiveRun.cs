using System.Diagnostics;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;
using Kea.Testing;

namespace Kea.Driver.Tests.Live;

/// <summary>A live program of one file in memory, in this process. What it prints goes to a file, which is read while it runs.</summary>
internal sealed class LiveRun : IDisposable
{
    private const string Entry = "/memory/app.kea";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly OneFile _files;
    private readonly Toolchain.Folder _folder = new();
    private readonly FileStream _output, _input, _error;
    private readonly StreamReader _printed;
    private readonly Task<RunResult> _run;

    /// <param name="options">Null for quick code that checks its calls through slots.</param>
    public LiveRun(string source, LiveOptions? options = null)
    {
        _files = new OneFile { Text = source };
        _input = File.OpenRead(_folder.Write("in", ""));
        _error = Shared("err", FileMode.Create, FileAccess.Write);
        _output = Shared("out", FileMode.Create, FileAccess.Write);
        _printed = new StreamReader(Shared("out", FileMode.Open, FileAccess.Read));
        var paths = new ToolchainPaths(Repository.Path(".build", "native"), [Repository.Path("stdlib")]);
        var (session, diagnostics) = LiveSession.Open(paths, Entry, options ?? LiveOptions.T0 with { ChecksCalls = true }, _files);
        Session = session ?? throw new ArgumentException($"{string.Join('\n', diagnostics.Select(d => d.Message))}\n{source}");
        _run = Task.Factory.StartNew(
            () => Session.Run(new RunOptions([], CheckLeaks: true) { InFd = Descriptor(_input), OutFd = Descriptor(_output), ErrorFd = Descriptor(_error) }), TaskCreationOptions.LongRunning);
    }

    public LiveSession Session { get; }

    public ReloadReport Reload(string source)
    {
        _files.Text = source;
        return Session.Reload([Entry]);
    }

    /// <summary>What reloading this would do. The files go on saying what they said.</summary>
    public ReloadPlan Plan(string source)
    {
        var before = _files.Text;
        _files.Text = source;
        var plan = Session.Plan([Entry]);
        _files.Text = before;
        return plan;
    }

    /// <summary>The next whole line that it prints.</summary>
    public string Line()
    {
        var since = Stopwatch.StartNew();
        var line = "";
        while (since.Elapsed < Patience)
        {
            if (_printed.Read() is var next and >= 0)
            {
                if (next == '\n') return line;
                line += (char)next;
            }
            else if (_run.IsCompleted && _printed.Peek() < 0) throw new InvalidOperationException($"it ended with {_run.Result}\n{new StreamReader(Shared("err", FileMode.Open, FileAccess.Read)).ReadToEnd()}");
            else Thread.Yield();
        }
        throw new TimeoutException("it prints nothing more");
    }

    /// <summary>How it ended, and what it has written to the error output.</summary>
    public (RunResult Result, string Error) End()
    {
        if (!_run.Wait(Patience)) throw new TimeoutException("it does not end");
        return (_run.Result, new StreamReader(Shared("err", FileMode.Open, FileAccess.Read)).ReadToEnd());
    }

    /// <summary>The first of the next lines that is one of another kind than before.</summary>
    public string LineThat(Predicate<string> holds)
    {
        var since = Stopwatch.StartNew();
        var line = "";
        while (since.Elapsed < Patience)
        {
            line = Line();
            if (holds(line)) return line;
        }
        throw new TimeoutException($"it goes on printing other lines, such as `{line}`");
    }

    /// <summary>Ends it at its next reload point.</summary>
    public RunResult Stop()
    {
        Session.Program.StopAtReloadPoint(0);
        return End().Result;
    }

    /// <summary>Waits for its end.</summary>
    public RunResult Ended() => _run.Wait(Patience) ? _run.Result : throw new TimeoutException("it goes on");

    public void Dispose()
    {
        Session.Program.StopAtReloadPoint(0);
        if (!_run.Wait(TimeSpan.FromSeconds(5))) Session.Program.Interrupt();
        if (_run.Wait(Patience)) Session.Dispose();
        _printed.Dispose();
        foreach (var file in (FileStream[])[_input, _output, _error]) file.Dispose();
        _folder.Dispose();
    }

    private FileStream Shared(string name, FileMode mode, FileAccess access) => File.Open(Path.Combine(_folder.Path, name), mode, access, FileShare.ReadWrite);

    private static int Descriptor(FileStream file) => (int)file.SafeFileHandle.DangerousGetHandle();

    /// <summary>The program's file; the library is read from the disk.</summary>
    private sealed class OneFile : ISourceFiles
    {
        private readonly DiskFiles _disk = new();
        public required string Text { get; set; }
        public bool Exists(string path) => path == Entry || _disk.Exists(path);
        public ReadResult Read(string path, string shownPath) => path == Entry ? new(new SourceText(shownPath, Text), null) : _disk.Read(path, shownPath);
    }
}
