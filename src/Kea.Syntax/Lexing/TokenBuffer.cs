using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Kea.Syntax;

/// <summary>A growing array of tokens, without the checks and copies of a list.</summary>
internal sealed class TokenBuffer(int capacity)
{
    private Token[] _items = new Token[Math.Max(16, capacity)];

    public int Count { get; private set; }
    public ref readonly Token Last => ref _items[Count - 1];
    public ref readonly Token this[int index] => ref _items[index];
    public Token[] Items => _items;

    public void Add(in Token token)
    {
        if (Count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        _items[Count++] = token;
    }

    public ImmutableArray<Token> ToImmutable()
    {
        if (Count != _items.Length) Array.Resize(ref _items, Count);
        return ImmutableCollectionsMarshal.AsImmutableArray(_items);
    }
}
