using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Live;

internal sealed partial class Publisher
{
    /// <summary>What one unit asks for while it is compiled, held for it from then on.</summary>
    /// <param name="versions">For optimised code: the versions that it is made of.</param>
    private sealed class Environment(Publisher publisher, ICodeSource source, Dictionary<FunctionId, Definition>? versions = null) : IUnitEnvironment
    {
        private readonly Dictionary<FunctionId, int> _byFunction = [];
        private readonly Dictionary<FunctionId, int> _forwards = [];
        private readonly Dictionary<FunctionId, int> _rests = [];
        private readonly HashSet<int> _slots = [];
        private readonly Dictionary<int, FunctionId> _calls = [];
        private readonly HashSet<Immortal> _immortals = [];
        private readonly ObjectShapes _shapes = new(source.Program);

        /// <summary>What the unit holds; the caller's from now on.</summary>
        public UnitNames Names => new(source, [.. _slots], [.. _calls.Select(c => (c.Key, c.Value))], [.. _immortals])
        {
            MakesFunctionValues = _immortals.Any(i => i.Slot >= 0),
        };

        /// <summary>There is no unit after all: nothing is held.</summary>
        public void Abandon()
        {
            lock (publisher._gate) publisher.LetGo(Names);
        }

        public int SlotOf(FunctionId function)
        {
            // Whoever calls the rest of a function has asked whether there is code for it.
            if (_rests.TryGetValue(function, out var rest)) return rest;
            lock (publisher._gate)
            {
                var slot = HoldOnce(function);
                _calls.TryAdd(slot, function);
                return slot;
            }
        }

        public int HoldOnce(FunctionId function)
        {
            if (_byFunction.TryGetValue(function, out var slot)) return slot;
            slot = publisher._slots.Hold(SlotKey.Of(source, function));
            if (!_slots.Add(slot)) publisher._slots.Release(slot);
            _byFunction.Add(function, slot);
            return slot;
        }

        public int LayoutNumber(LayoutId layout)
        {
            lock (publisher._gate) return publisher.Layouts.NumberOf(source.Program.Layouts[layout.Index], _shapes.Of(layout));
        }

        public nint Text(string text)
        {
            lock (publisher._gate) return Hold(publisher.Constants.Text(text));
        }

        /// <summary>The closure outlives the unit while values refer to it, and with it the slot that it jumps through.</summary>
        public nint ClosureObject(FunctionId function)
        {
            lock (publisher._gate) return Hold(publisher.ClosureThrough(source, function, SlotOf(function)));
        }

        public nint ClosureCode(FunctionId function)
        {
            lock (publisher._gate) return versions!.TryGetValue(function, out var version) ? publisher.ClosureCodeOf(version) : 0;
        }

        public HotCounter? EntryCounter(FunctionId function, bool forwards)
        {
            if (publisher._queue is not { } queue) return null;
            lock (publisher._gate)
            {
                if (!forwards) return queue.Counter(HoldOnce(function), forwards);
                if (!_forwards.TryGetValue(function, out var slot)) _forwards.Add(function, slot = NewHotSlot());
                return queue.Counter(slot, forwards);
            }
        }

        public HotCounter RestCounter(FunctionId rest)
        {
            lock (publisher._gate)
            {
                if (!_rests.TryGetValue(rest, out var slot)) _rests.Add(rest, slot = NewHotSlot());
                return publisher._queue!.Counter(slot, forwards: false);
            }
        }

        public int ForwardOf(FunctionId function) => _forwards.GetValueOrDefault(function, -1);
        public int RestOf(FunctionId rest) => _rests[rest];

        public bool ChecksCalls => publisher._options.ChecksCalls;

        private int NewHotSlot()
        {
            var slot = publisher.NewHotSlot();
            _slots.Add(slot);
            return slot;
        }

        private nint Hold(Immortal immortal)
        {
            if (_immortals.Add(immortal)) publisher.Hold(immortal, source);
            return immortal.Address;
        }
    }
}
