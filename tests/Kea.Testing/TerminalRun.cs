using System.Diagnostics;
using System.Text;

namespace Kea.Testing;

/// <summary>A program on a terminal of its own (util-linux's <c>script</c> makes it), as a person at the keys sees it.</summary>
public sealed class TerminalRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Thread _reader;
    private int _seen;

    public TerminalRun(string command, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("script") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // However the tests were started, Ctrl-C is heard; and by the program alone: a shell that waited for it would end with 130.
        foreach (var argument in (string[])["-qfec", $"exec env --default-signal=INT {command}", "/dev/null"]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.AutoFlush = true;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>All that has been written, escape sequences included.</summary>
    public string Output { get { lock (_output) return _output.ToString(); } }

    public void Send(string keys) => _process.StandardInput.Write(keys);

    /// <summary>Waits for a text behind what was waited for before; fails with what was written.</summary>
    public void WaitFor(string text)
    {
        for (var until = DateTime.UtcNow + Patience; ; Thread.Sleep(10))
        {
            lock (_output)
            {
                if (_output.ToString().IndexOf(text, _seen, StringComparison.Ordinal) is var at and >= 0)
                {
                    _seen = at + text.Length;
                    return;
                }
            }
            if (DateTime.UtcNow > until) throw new InvalidOperationException($"`{text}` does not come; so far:\n{Output}");
        }
    }

    /// <summary>The status of the program's own end.</summary>
    public int WaitForEnd()
    {
        if (!_process.WaitForExit(Patience)) throw new InvalidOperationException($"the program does not end; so far:\n{Output}");
        _reader.Join();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Read()
    {
        var buffer = new char[4096];
        while (_process.StandardOutput.Read(buffer) is > 0 and var count)
            lock (_output) _output.Append(buffer, 0, count);
    }
}
