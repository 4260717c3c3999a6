using Kea.Repl.Editing;

namespace Kea.Cli.Watch;

/// <summary>
/// The keys of the terminal (14.3.1): watch mode's until the program first reads standard input, and again when that program has
/// ended. What was typed meanwhile and is no key of watch mode goes to the program.
/// </summary>
internal sealed class Keys : IDisposable
{
    private const string Ours = "rpbxq";
    private const int LookMs = 50;

    private readonly object _gate = new();
    private readonly Action<char> _pressed;
    private readonly UnixTerminal _terminal = new();
    private readonly List<byte> _typedAhead = [];
    private SingleKeys? _mode;
    private volatile bool _isTaken, _isOver;
    private int _waiting;

    private Keys(Action<char> pressed)
    {
        _pressed = pressed;
        new Thread(Read) { IsBackground = true, Name = "kea keys" }.Start();
    }

    /// <summary>Null where standard input is no terminal. Nothing is taken yet.</summary>
    public static Keys? OfTerminal(Action<char> pressed) => Console.IsInputRedirected ? null : new Keys(pressed);

    /// <summary>Whether they are watch mode's now.</summary>
    public bool AreTaken => _isTaken;

    public void Take() => Alone(() =>
    {
        if (!_isOver) _mode ??= new SingleKeys();
    });

    /// <summary>The terminal is the program's from now on.</summary>
    /// <returns>What was typed and is for the program.</returns>
    public byte[] Give()
    {
        byte[] typed = [];
        Alone(() =>
        {
            _mode?.Dispose();
            _mode = null;
            typed = [.. _typedAhead];
            _typedAhead.Clear();
        });
        return typed;
    }

    public void Dispose()
    {
        _isOver = true;
        Give();
    }

    private void Alone(Action change)
    {
        Interlocked.Increment(ref _waiting);
        lock (_gate)
        {
            Interlocked.Decrement(ref _waiting);
            change();
            _isTaken = _mode is not null;
            Monitor.PulseAll(_gate);
        }
    }

    private void Read()
    {
        Span<byte> key = stackalloc byte[1];
        while (!_isOver)
        {
            var command = '\0';
            lock (_gate)
            {
                while (_mode is null && !_isOver) Monitor.Wait(_gate);
                if (_isOver) return;
                switch (_terminal.Read(key, LookMs))
                {
                    case < 0: break;
                    case 0: return;
                    case var _ when Ours.Contains(char.ToLowerInvariant((char)key[0])): command = char.ToLowerInvariant((char)key[0]); break;
                    default: _typedAhead.Add(key[0]); break;
                }
            }
            if (command != '\0') _pressed(command);
            // The lock is not fair, and somebody waits for it.
            while (Volatile.Read(ref _waiting) > 0) Thread.Sleep(1);
        }
    }
}
