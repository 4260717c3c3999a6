using System.Runtime.InteropServices;
using System.Text;

namespace Kea.Repl.Editing;

/// <summary>The terminal of this process: standard input and output.</summary>
public sealed unsafe class UnixTerminal : ILineTerminal
{
    internal const int In = 0, Out = 1;

    /// <summary>Whether there is one, and it can place its cursor.</summary>
    public static bool IsUsable => Native.isatty(In) != 0 && Native.isatty(Out) != 0 && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    public int Width => Size.Columns is > 0 and var columns ? columns : 80;
    public int Height => Size.Rows is > 0 and var rows ? rows : 24;

    private static Native.WindowSize Size
    {
        get
        {
            Native.WindowSize size = default;
            return Native.ioctl(Out, Native.GetWindowSize, &size) == 0 ? size : default;
        }
    }

    public IDisposable TakeKeys() => new Raw();

    public int Read(Span<byte> bytes, int waitsMs)
    {
        while (true)
        {
            var asked = new Native.Poll { File = In, Events = Native.Readable };
            var ready = Native.poll(&asked, 1, waitsMs);
            if (ready == 0) return -1;
            if (ready < 0 && Marshal.GetLastPInvokeError() == Native.Interrupted) continue;
            fixed (byte* at = bytes)
            {
                var count = Native.read(In, at, (nuint)bytes.Length);
                if (count >= 0) return (int)count;
            }
            if (Marshal.GetLastPInvokeError() is not (Native.Interrupted or Native.TryAgain)) return 0;
        }
    }

    public void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* at = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = Native.write(Out, at + written, (nuint)(bytes.Length - written));
                if (count > 0) written += (int)count;
                else if (Marshal.GetLastPInvokeError() is not (Native.Interrupted or Native.TryAgain)) return;
            }
        }
    }

    /// <summary>Without echo, line buffering and signals of keys, but with the output's line ends as they are; undone also when the process ends.</summary>
    private sealed class Raw : IDisposable
    {
        private readonly byte[] _before = new byte[Native.TerminalModesBytes];
        private readonly PosixSignalRegistration[] _signals;

        public Raw()
        {
            var raw = new byte[Native.TerminalModesBytes];
            fixed (byte* before = _before, modes = raw)
            {
                _ = Native.tcgetattr(In, before);
                _before.CopyTo(raw, 0);
                var output = *(uint*)(modes + Native.OutputModes);
                Native.cfmakeraw(modes);
                *(uint*)(modes + Native.OutputModes) = output;
                _ = Native.tcsetattr(In, Native.AfterOutput, modes);
            }
            AppDomain.CurrentDomain.ProcessExit += AtExit;
            _signals = [.. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(s => PosixSignalRegistration.Create(s, _ => Restore()))];
        }

        public void Dispose()
        {
            Restore();
            AppDomain.CurrentDomain.ProcessExit -= AtExit;
            foreach (var signal in _signals) signal.Dispose();
        }

        private void AtExit(object? sender, EventArgs e) => Restore();

        private void Restore()
        {
            fixed (byte* before = _before) _ = Native.tcsetattr(In, Native.AfterOutput, before);
        }
    }
}
