namespace Kea.Syntax;

/// <summary>One string per distinct identifier of a file.</summary>
internal sealed class NamePool
{
    private string?[] _slots = new string?[256];
    private int _count;

    public string Get(ReadOnlySpan<char> text)
    {
        var mask = _slots.Length - 1;
        var at = Hash(text) & mask;
        while (_slots[at] is { } known)
        {
            if (text.SequenceEqual(known)) return known;
            at = (at + 1) & mask;
        }
        var name = text.ToString();
        _slots[at] = name;
        if (++_count * 2 > _slots.Length) Grow();
        return name;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new string?[old.Length * 2];
        var mask = _slots.Length - 1;
        foreach (var name in old)
        {
            if (name is null) continue;
            var at = Hash(name) & mask;
            while (_slots[at] is not null) at = (at + 1) & mask;
            _slots[at] = name;
        }
    }

    /// <summary>FNV-1a.</summary>
    private static int Hash(ReadOnlySpan<char> text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }
}
