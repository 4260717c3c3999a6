using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kea.Testing;

namespace Kea.Watch.Tests;

/// <summary>
/// A process of <c>kea run --watch</c> and the files that it watches. Waiting is for lines that come after the last edit, so that
/// the same words may be expected again and again.
/// </summary>
internal sealed class WatchedRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Start = TimeSpan.FromSeconds(30);

    private readonly Toolchain.Folder _folder = new(), _ownRuntime = new();
    private Toolchain.Folder _runtime;
    private readonly object _gate = new();
    private readonly List<string> _output = [], _error = [];
    private Process? _process;
    private int _outputFrom, _errorFrom;
    private bool _hasStarted;

    /// <summary>Files of a program that is not started yet: pairs of name and text.</summary>
    public WatchedRun(params (string Name, string Text)[] files)
    {
        _runtime = _ownRuntime;
        foreach (var (name, text) in files) _folder.Write(name, text);
    }

    public static WatchedRun Of(string app, params string[] flags)
    {
        var run = new WatchedRun(("app.kea", app));
        run.Begin(flags);
        return run;
    }

    /// <summary>Starts <c>app.kea</c> of a folder below this one's, where the session files of both are.</summary>
    public WatchedRun Beside(string folder, params string[] flags)
    {
        var run = new WatchedRun { _runtime = _runtime };
        run.Begin(PathOf(folder), flags);
        return run;
    }

    /// <summary>As <see cref="Of"/>, on a terminal of its own: all that is written comes as output, and keys can be pressed.</summary>
    public static WatchedRun OnTerminal(string app, params string[] flags)
    {
        var run = new WatchedRun(("app.kea", app));
        string[] command = ["env", "--default-signal=INT", Toolchain.Program, "run", "--watch", .. flags, "app.kea"];
        run.Begin(run._folder.Path, ["script", "--quiet", "--flush", "--return", "--command", "exec " + string.Join(' ', command), "/dev/null"], keepsInput: true);
        return run;
    }

    /// <summary>Nobody reads what it prints, nor will be told of it.</summary>
    public bool IsOutputLeft { get; init; }

    /// <summary>Its standard input stays open with nothing in it.</summary>
    public bool IsInputLeft { get; init; }

    public void Begin(params string[] flags) => Begin(_folder.Path, flags);

    /// <summary>Types on the terminal.</summary>
    public void Press(string keys)
    {
        Mark();
        _process!.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for its end.</summary>
    public int Ends()
    {
        if (!_process!.WaitForExit(Patience)) Assert.Fail($"it goes on\n{Told()}");
        return _process.ExitCode;
    }

    private void Begin(string folder, string[] flags) => Begin(folder, ["env", "--default-signal=INT", Toolchain.Program, "run", "--watch", .. flags, "app.kea"], keepsInput: IsInputLeft || flags.Contains("--repl"));

    private void Begin(string folder, string[] command, bool keepsInput)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false), StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        if (!IsOutputLeft) _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!keepsInput) _process.StandardInput.Close();
    }

    /// <summary>The folder of session files; there is none before the first session.</summary>
    public string SessionFolder => Path.Combine(_runtime.Path, "kea");

    public int Pid => _process!.Id;

    /// <summary>
    /// Session files are kept away from those of the user who runs the tests, and of other tests. Calls through slots are checked.
    /// </summary>
    private Dictionary<string, string> Environment => new(Toolchain.Environment) { ["XDG_RUNTIME_DIR"] = _runtime.Path, ["KEA_CHECK_ABI"] = "1" };

    /// <summary>Runs another command of the toolchain beside it, in the same folder if no other is named.</summary>
    public ProcessResult Kea(string[] arguments, string? folder = null) => ProcessRun.Run(Toolchain.Program, arguments, folder ?? _folder.Path, environment: Environment);

    /// <summary>The session file of this run, waited for.</summary>
    public JsonElement SessionFile()
    {
        string? Own() => Directory.Exists(SessionFolder) ? Directory.GetFiles(SessionFolder, $"{Pid}-*.json").SingleOrDefault() : null;
        Await(() => Own() is not null, "session file");
        return JsonDocument.Parse(File.ReadAllText(Own()!)).RootElement;
    }

    /// <summary>Ends it in a way that it cannot notice.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public bool IsRunning => _process is { HasExited: false };
    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Types inputs at the prompt of <c>--repl</c>; what comes from here on is new.</summary>
    public void Type(string inputs)
    {
        Mark();
        _process!.StandardInput.Write(inputs + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Lines from here on are new.</summary>
    public void Mark()
    {
        lock (_gate) (_outputFrom, _errorFrom) = (_output.Count, _error.Count);
    }

    /// <summary>Writes a file in place, as one write.</summary>
    public void Save(string text, string name = "app.kea")
    {
        Mark();
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    public void Replace(string old, string now, string name = "app.kea")
    {
        var text = File.ReadAllText(PathOf(name));
        Assert.That(text, Does.Contain(old));
        Save(text.Replace(old, now), name);
    }

    /// <summary>Waits until the program prints a new line that contains this.</summary>
    public void Prints(string text) => Await(() => Contains(_output, _outputFrom, text), $"'{text}' on standard output");

    /// <summary>Waits until watch mode says a new line that contains this.</summary>
    public void Says(params string[] texts)
    {
        foreach (var text in texts) Await(() => Contains(_error, _errorFrom, text), $"'{text}' on standard error");
    }

    /// <summary>Waits for an edit's whole way: new code is running and has been reported.</summary>
    public void IsUpdatedTo(string printed)
    {
        Prints(printed);
        Says(" ms)");
    }

    /// <summary>Nothing has been said since the last mark. Only right behind a wait for something later.</summary>
    public void SaidNothing()
    {
        lock (_gate) Assert.That(_error.Skip(_errorFrom), Is.Empty);
    }

    public void DidNotSay(string text)
    {
        lock (_gate) Assert.That(_error.Skip(_errorFrom), Has.None.Contain(text));
    }

    /// <summary>All that has been printed so far.</summary>
    public string[] Output
    {
        get { lock (_gate) return [.. _output]; }
    }

    public string[] Error
    {
        get { lock (_gate) return [.. _error]; }
    }

    /// <summary>Ends it as a terminal's owner would with <c>kill</c>, and returns the status.</summary>
    public int Terminate() => Signal("TERM");

    /// <summary>Sends a signal that is to end it, and returns the status.</summary>
    public int Signal(string name)
    {
        ProcessRun.Run("kill", [$"-{name}", _process!.Id.ToString()]);
        if (!_process.WaitForExit(Patience)) Assert.Fail($"it went on running after SIG{name}\n{Told()}");
        if (!IsOutputLeft) _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits for its own end, and returns the status.</summary>
    public int Ended()
    {
        if (!_process!.WaitForExit(Start)) Assert.Fail($"it does not end\n{Told()}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _folder.Dispose();
        _ownRuntime.Dispose();
    }

    private void Take(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            lines.Add(line.TrimEnd('\r'));
            Monitor.PulseAll(_gate);
        }
    }

    private static bool Contains(List<string> lines, int from, string text)
    {
        for (var i = from; i < lines.Count; i++)
            if (lines[i].Contains(text, StringComparison.Ordinal)) return true;
        return false;
    }

    private void Await(Func<bool> holds, string what)
    {
        var limit = _hasStarted ? Patience : Start;
        var since = Stopwatch.StartNew();
        lock (_gate)
        {
            while (!holds())
            {
                if (since.Elapsed > limit || _process!.HasExited && since.Elapsed > TimeSpan.FromSeconds(2))
                    Assert.Fail($"no {what}{(_process!.HasExited ? $"; it ended with {_process.ExitCode}" : "")}\n{Told()}");
                Monitor.Wait(_gate, 50);
            }
            _hasStarted = true;
        }
    }

    private string Told()
    {
        lock (_gate) return $"--- standard error\n{string.Join('\n', _error)}\n--- standard output (end)\n{string.Join('\n', _output.TakeLast(20))}";
    }
}
