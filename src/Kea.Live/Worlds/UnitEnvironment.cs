using Kea.Llvm;
using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Live;

internal sealed partial class Publisher
{
    /// <summary>What one unit asks for while it is compiled.</summary>
    /// <param name="versions">For optimised code: the versions that it is made of.</param>
    private sealed class Environment(Publisher publisher, ICodeSource source, Dictionary<FunctionId, Definition>? versions = null) : IUnitEnvironment
    {
        private readonly Dictionary<FunctionId, int> _byFunction = [];
        private readonly Dictionary<FunctionId, int> _forwards = [];
        private readonly ObjectShapes _shapes = new(source.Program);

        public HashSet<int> Slots { get; } = [];
        public bool IsPinned { get; private set; }

        public int SlotOf(FunctionId function)
        {
            if (_byFunction.TryGetValue(function, out var slot)) return slot;
            lock (publisher._gate)
            {
                slot = HoldOnce(function);
                publisher.FillEntries(source, function, slot);
                return slot;
            }
        }

        public int HoldOnce(FunctionId function)
        {
            if (_byFunction.TryGetValue(function, out var slot)) return slot;
            slot = publisher._slots.Hold(SlotKey.Of(source, function));
            if (!Slots.Add(slot)) publisher._slots.Release(slot);
            _byFunction.Add(function, slot);
            return slot;
        }

        public int LayoutNumber(LayoutId layout)
        {
            lock (publisher._gate) return publisher.Layouts.NumberOf(source.Program.Layouts[layout.Index], _shapes.Of(layout));
        }

        public nint Text(string text)
        {
            lock (publisher._gate) return publisher.Constants.Text(text);
        }

        /// <summary>The closure outlives every unit, and with it the slot that it jumps through.</summary>
        public nint ClosureObject(FunctionId function)
        {
            lock (publisher._gate)
            {
                var slot = SlotOf(function);
                if (!publisher.Constants.HasClosure(slot)) publisher._slots.Hold(SlotKey.Of(source, function));
                return publisher.Constants.Closure(slot, ResultPlace.IsInRegisters(source.Program, source.Program.Signatures[function.Index].Result) ? null : () => CompileForward(function, slot));
            }
        }

        private CodeUnit CompileForward(FunctionId function, int slot)
        {
            var engine = publisher._engine;
            var machine = engine.RentMachine(CodeLevel.Quick);
            try
            {
                return engine.Load(UnitWriter.CompileForward(source.Program, function, slot, engine.NextTable(), engine.Processor, machine), ["kea.forward"]);
            }
            finally
            {
                engine.ReturnMachine(CodeLevel.Quick, machine);
            }
        }

        public nint ClosureCode(FunctionId function)
        {
            lock (publisher._gate) return publisher.ClosureCodeOf(versions![function]);
        }

        public HotCounter? EntryCounter(FunctionId function, bool forwards)
        {
            if (publisher._queue is not { } queue) return null;
            if (!forwards) return queue.Counter(HoldOnce(function), forwards);
            if (!_forwards.TryGetValue(function, out var slot)) _forwards.Add(function, slot = NewHotSlot());
            return queue.Counter(slot, forwards);
        }

        public HotCounter RestCounter(FunctionId rest)
        {
            if (!_byFunction.TryGetValue(rest, out var slot)) _byFunction.Add(rest, slot = NewHotSlot());
            return publisher._queue!.Counter(slot, forwards: false);
        }

        public int ForwardOf(FunctionId function) => _forwards.GetValueOrDefault(function, -1);
        public int RestOf(FunctionId rest) => _byFunction[rest];

        public void MakesClosures() => IsPinned = true;

        private int NewHotSlot()
        {
            var slot = publisher.NewHotSlot();
            Slots.Add(slot);
            return slot;
        }
    }
}
