namespace Kea.Repl.Editing;

/// <summary>While it lasts, keys of the terminal come one by one and are not shown. Signals of keys and output stay as they were.</summary>
public sealed unsafe class SingleKeys : IDisposable
{
    private readonly byte[] _before = new byte[Native.TerminalModesBytes];

    public SingleKeys()
    {
        var single = new byte[Native.TerminalModesBytes];
        fixed (byte* before = _before, modes = single)
        {
            _ = Native.tcgetattr(UnixTerminal.In, before);
            _before.CopyTo(single, 0);
            *(uint*)(modes + Native.LocalModes) &= ~(Native.WholeLines | Native.Echo);
            _ = Native.tcsetattr(UnixTerminal.In, Native.AfterOutput, modes);
        }
        AppDomain.CurrentDomain.ProcessExit += AtExit;
    }

    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= AtExit;
    }

    private void AtExit(object? sender, EventArgs e) => Restore();

    /// <summary>What has been typed and not read stays to be read.</summary>
    private void Restore()
    {
        fixed (byte* before = _before) _ = Native.tcsetattr(UnixTerminal.In, Native.AfterOutput, before);
    }
}
