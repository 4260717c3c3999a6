using System.Text;

namespace Kea.Repl.Editing;

/// <summary>
/// A terminal for a program beside a prompt: what the program prints on it comes back here line by line, so that it can be
/// shown above what is being typed. The program finds a terminal, as it would without a prompt.
/// </summary>
public sealed unsafe class ProgramTerminal : IDisposable
{
    private const string Mark = "\0";

    private readonly int _here, _there;
    private readonly Action<string> _print;
    private readonly SemaphoreSlim _drained = new(0);

    private ProgramTerminal(int here, int there, Action<string> print)
    {
        (_here, _there, _print) = (here, there, print);
        new Thread(Pass) { IsBackground = true, Name = "kea output" }.Start();
    }

    /// <summary>What the program is to write to.</summary>
    public int File => _there;

    /// <param name="print">Takes whole lines, on a thread of its own.</param>
    /// <returns>Null where the system has no such terminals.</returns>
    public static ProgramTerminal? Open(Action<string> print)
    {
        var name = stackalloc byte[128];
        var here = Native.posix_openpt(Native.ReadWrite | Native.NoControl);
        if (here < 0) return null;
        var there = Native.grantpt(here) == 0 && Native.unlockpt(here) == 0 && Native.ptsname_r(here, name, 128) == 0 ? Native.open(name, Native.ReadWrite | Native.NoControl) : -1;
        if (there >= 0) return new ProgramTerminal(here, there, print);
        _ = Native.close(here);
        return null;
    }

    /// <summary>Waits until what has been written so far has been shown; a line that has no end yet is shown as well.</summary>
    public void Drain()
    {
        var mark = (byte)Mark[0];
        if (Native.write(_there, &mark, 1) == 1) _drained.Wait();
    }

    public void Dispose()
    {
        _ = Native.close(_there);
        _drained.Dispose();
    }

    private void Pass()
    {
        var (bytes, chars, decoder, line) = (new byte[4096], new char[4096], Encoding.UTF8.GetDecoder(), new StringBuilder());
        while (true)
        {
            nint count;
            fixed (byte* at = bytes) count = Native.read(_here, at, (nuint)bytes.Length);
            if (count <= 0) break;
            line.Append(chars.AsSpan(0, decoder.GetChars(bytes, 0, (int)count, chars, 0)));
            var text = line.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
            line.Clear();
            if (text.Contains(Mark, StringComparison.Ordinal))
            {
                text = text.Replace(Mark, "", StringComparison.Ordinal);
                _print(text.Length == 0 || text.EndsWith('\n') ? text : text + "\n");
                _drained.Release();
                continue;
            }
            var end = text.LastIndexOf('\n') + 1;
            line.Append(text.AsSpan(end));
            if (end > 0) _print(text[..end]);
        }
        _ = Native.close(_here);
    }
}
