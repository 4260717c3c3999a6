using System.Buffers.Binary;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// What a frame record can say: each set of owned values that a function holds across a call is a list of rows, and each
/// counted part of such a value has a word of the record to itself. A row leads to the rest of its set, so nested sets share
/// their rows, as <see cref="OwnedValues"/> shares their nodes, and the table grows with the function and not with its square.
/// </summary>
internal sealed class HeldTable(MirFunction function, ModuleEmission module, OwnedValues owned)
{
    public const int RowBytes = 8;
    private const uint TokenFlag = 0x8000_0000;

    private readonly Dictionary<OwnedSet, int> _states = new() { [OwnedSet.Empty] = 0 };
    private readonly Dictionary<ValueId, int> _words = [];
    private readonly List<(int Next, uint Word)> _rows = [];
    private readonly Stack<OwnedSet> _pending = new();

    /// <summary>How many words the record needs.</summary>
    public int Words { get; private set; }

    /// <summary>The values that are ever held, each with its first word; its parts lie in order.</summary>
    public IReadOnlyDictionary<ValueId, int> Values => _words;

    /// <summary>The number that stands for a set: one more than its first row, zero for the empty set.</summary>
    public int StateOf(OwnedSet set)
    {
        int state;
        for (; !_states.TryGetValue(set, out state); set = owned.Split(set).Others) _pending.Push(set);
        while (_pending.TryPop(out set))
        {
            var value = owned.Split(set).Value;
            if (!_words.TryGetValue(value, out var word)) _words.Add(value, word = Words);
            state = AddRows(function.ValueTypes[value.Index], ref word, state);
            Words = Math.Max(Words, word);
            _states.Add(set, state);
        }
        return state;
    }

    /// <summary>The rows as the runtime reads them (<c>kea_held</c>).</summary>
    public byte[] Bytes()
    {
        var bytes = new byte[_rows.Count * RowBytes];
        for (var i = 0; i < _rows.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * RowBytes), _rows[i].Next);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * RowBytes + 4), _rows[i].Word);
        }
        return bytes;
    }

    private int AddRows(MirType type, ref int word, int next)
    {
        switch (type)
        {
            case MirType.Reference or MirType.Token:
                _rows.Add((next, (uint)word++ | (type is MirType.Token ? TokenFlag : 0)));
                return _rows.Count;
            case MirType.Aggregate(var id):
                foreach (var field in module.Program.Aggregates[id.Index].Fields)
                    if (module.Shapes.IsCounted(field)) next = AddRows(field, ref word, next);
                return next;
            case MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit:
                return next;
        }
        throw new InvalidOperationException($"{type} is not a type that a frame may hold.");
    }
}
