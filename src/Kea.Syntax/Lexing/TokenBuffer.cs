using System.Buffers;

namespace Kea.Syntax;

/// <summary>
/// A growing array of tokens on borrowed memory. The arrays of a large file are large objects: allocating them anew for
/// each file would cost more than lexing it.
/// </summary>
internal sealed class TokenBuffer(int capacity) : IDisposable
{
    private Token[] _items = ArrayPool<Token>.Shared.Rent(Math.Max(16, capacity));

    public int Count { get; private set; }
    public ref readonly Token Last => ref _items[Count - 1];
    public ref readonly Token this[int index] => ref _items[index];

    public void Add(in Token token)
    {
        if (Count == _items.Length) Grow();
        _items[Count++] = token;
    }

    public Token[] ToArray() => _items.AsSpan(0, Count).ToArray();

    public void Dispose()
    {
        ArrayPool<Token>.Shared.Return(_items);
        _items = [];
        Count = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<Token>.Shared.Rent(_items.Length * 2);
        _items.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<Token>.Shared.Return(_items);
        _items = larger;
    }
}
