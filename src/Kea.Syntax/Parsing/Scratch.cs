using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Kea.Syntax;

/// <summary>A stack on which nested lists are collected, so that each list costs one exact array.</summary>
internal sealed class Scratch<T>
{
    private T[] _items = new T[16];
    private int _count;

    /// <summary>Where the list that is about to be collected begins.</summary>
    public int Mark => _count;

    public int CountSince(int mark) => _count - mark;

    public void Add(T item)
    {
        if (_count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        _items[_count++] = item;
    }

    /// <summary>Removes and returns what was added since the mark.</summary>
    public ImmutableArray<T> Take(int mark)
    {
        if (_count == mark) return [];
        var taken = _items.AsSpan(mark, _count - mark);
        var array = taken.ToArray();
        taken.Clear();
        _count = mark;
        return ImmutableCollectionsMarshal.AsImmutableArray(array);
    }
}
