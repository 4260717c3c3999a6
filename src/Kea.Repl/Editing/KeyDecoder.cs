using System.Buffers;
using System.Text;

namespace Kea.Repl.Editing;

/// <summary>From the bytes of a terminal to keys: UTF-8, control characters, the escape sequences of xterm and its like, bracketed paste.</summary>
public sealed class KeyDecoder
{
    private const byte Escape = 0x1b;

    private readonly List<byte> _pending = [];
    private bool _pastes;

    /// <summary>Bytes have come that may be the beginning of more; an escape among them may also have been meant alone.</summary>
    public bool IsWaiting => _pending.Count > 0 && !_pastes;

    /// <summary>The keys that the bytes complete.</summary>
    public List<Key> Take(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<Key>();
        foreach (var b in bytes)
        {
            _pending.Add(b);
            if (_pastes) EndPaste(keys);
            else Decode(keys, isAll: false);
        }
        return keys;
    }

    /// <summary>The keys that there are if nothing more comes.</summary>
    public List<Key> TimeOut()
    {
        var keys = new List<Key>();
        if (IsWaiting) Decode(keys, isAll: true);
        return keys;
    }

    private void EndPaste(List<Key> keys)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        if (!bytes.EndsWith("\u001b[201~"u8)) return;
        keys.Add(new Key.Pasted(Encoding.UTF8.GetString(bytes[..^6]).ReplaceLineEndings("\n")));
        _pending.Clear();
        _pastes = false;
    }

    private void Decode(List<Key> keys, bool isAll)
    {
        while (_pending.Count > 0)
        {
            var (used, key) = Next(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending), isAll);
            if (used == 0) return;
            _pending.RemoveRange(0, used);
            if (key is not null) keys.Add(key);
            if (_pastes) return;
        }
    }

    /// <summary>The first key and its length in bytes; zero when more bytes must come.</summary>
    private (int Used, Key? Key) Next(ReadOnlySpan<byte> bytes, bool isAll)
    {
        if (bytes[0] == Escape) return AfterEscape(bytes, isAll);
        if (bytes[0] < 0x20 || bytes[0] == 0x7f) return (1, new Key.Pressed(OfControl(bytes[0])));
        return Rune.DecodeFromUtf8(bytes, out var rune, out var used) switch
        {
            OperationStatus.Done when !Rune.IsControl(rune) => (used, new Key.Typed(rune.ToString())),
            OperationStatus.NeedMoreData when !isAll => (0, null),
            _ => (used, null),
        };
    }

    private (int, Key?) AfterEscape(ReadOnlySpan<byte> bytes, bool isAll)
    {
        if (bytes.Length == 1) return isAll ? (1, new Key.Pressed(Stroke.Cancel)) : (0, null);
        switch (bytes[1])
        {
            case (byte)'[': return Sequence(bytes, isAll);
            case (byte)'O':
                if (bytes.Length == 2) return isAll ? (2, null) : (0, null);
                return (3, new Key.Pressed(OfFinal(bytes[2], isWord: false)));
            case (byte)'b': return (2, new Key.Pressed(Stroke.WordLeft));
            case (byte)'f': return (2, new Key.Pressed(Stroke.WordRight));
            case (byte)'d': return (2, new Key.Pressed(Stroke.KillWordAfter));
            case 0x7f or 0x08: return (2, new Key.Pressed(Stroke.KillWordBefore));
            case (byte)'\r' or (byte)'\n': return (2, new Key.Pressed(Stroke.NewLine));
            case < 0x20 or >= 0x80: return (1, new Key.Pressed(Stroke.Cancel));
            default: return (2, null);
        }
    }

    /// <summary><c>ESC [ parameters final</c>.</summary>
    private (int, Key?) Sequence(ReadOnlySpan<byte> bytes, bool isAll)
    {
        var end = 2;
        while (end < bytes.Length && bytes[end] is >= 0x20 and <= 0x3f) end++;
        if (end == bytes.Length) return isAll ? (end, null) : (0, null);
        if (bytes[end] is < 0x40 or > 0x7e) return (end, null);
        var parameters = Encoding.ASCII.GetString(bytes[2..end]).Split(';');
        // The second parameter is one more than a sum: shift 1, alt 2, control 4.
        var isWord = parameters.Length > 1 && int.TryParse(parameters[1], out var modifiers) && ((modifiers - 1) & 6) != 0;
        if (bytes[end] != (byte)'~') return (end + 1, new Key.Pressed(OfFinal(bytes[end], isWord)));
        if (parameters[0] == "200") _pastes = true;
        return (end + 1, _pastes ? null : new Key.Pressed(parameters[0] switch
        {
            "1" or "7" => Stroke.Home,
            "4" or "8" => Stroke.End,
            "3" => isWord ? Stroke.KillWordAfter : Stroke.Delete,
            _ => Stroke.None,
        }));
    }

    private static Stroke OfFinal(byte final, bool isWord) => (char)final switch
    {
        'A' => Stroke.Up,
        'B' => Stroke.Down,
        'C' => isWord ? Stroke.WordRight : Stroke.Right,
        'D' => isWord ? Stroke.WordLeft : Stroke.Left,
        'H' => Stroke.Home,
        'F' => Stroke.End,
        'M' => Stroke.Enter,
        _ => Stroke.None,
    };

    private static Stroke OfControl(byte control) => control switch
    {
        0x01 => Stroke.Home,
        0x02 => Stroke.Left,
        0x03 => Stroke.Interrupt,
        0x04 => Stroke.DeleteOrEnd,
        0x05 => Stroke.End,
        0x06 => Stroke.Right,
        0x07 => Stroke.Cancel,
        0x08 or 0x7f => Stroke.Backspace,
        0x09 => Stroke.Tab,
        0x0a or 0x0d => Stroke.Enter,
        0x0b => Stroke.KillToEnd,
        0x0c => Stroke.ClearScreen,
        0x0e => Stroke.Down,
        0x10 => Stroke.Up,
        0x12 => Stroke.Search,
        0x15 => Stroke.KillToStart,
        0x17 => Stroke.KillWordBefore,
        0x19 => Stroke.Yank,
        _ => Stroke.None,
    };
}
