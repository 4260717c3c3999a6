using System.Runtime.InteropServices;
using Kea.Llvm;
using Kea.Llvm.Interop;
using Kea.Mir;
using Microsoft.Extensions.ObjectPool;
using Orc = Kea.Llvm.Interop.Native;

namespace Kea.Live;

/// <summary>
/// LLVM's ORC JIT in this process, over JITLink's default layer, which registers unwind tables. Units are object files, each
/// under a tracker of its own, so that each can be unloaded by itself. Usable from several threads.
/// </summary>
public sealed unsafe class JitEngine : IDisposable
{
    private readonly LlvmJit _jit;
    private readonly DefaultObjectPool<LlvmTargetMachine> _quick, _full;
    private readonly MachinePolicy _quickPolicy, _fullPolicy;
    private long _lastUnit;
    private int _lastId;

    public JitEngine(RuntimeLibrary runtime, bool debugSupport = true)
    {
        Runtime = runtime;
        Processor = Processor.Host();
        (_quickPolicy, _fullPolicy) = (new(Processor, CodeLevel.Quick), new(Processor, CodeLevel.Full));
        (_quick, _full) = (new(_quickPolicy), new(_fullPolicy));
        _jit = LlvmJit.Create();
        Dylib = Orc.LLVMOrcLLJITGetMainJITDylib(_jit.Raw);
        if (debugSupport) NativeText.Check(Orc.LLVMOrcLLJITEnableDebugSupport(_jit.Raw));
        using var path = new NativeText(runtime.Path);
        nint generator;
        NativeText.Check(Orc.LLVMOrcCreateDynamicLibrarySearchGeneratorForPath(&generator, path.Pointer, 0, 0, 0));
        Orc.LLVMOrcJITDylibAddGenerator(Dylib, generator);
    }

    public Processor Processor { get; }
    public RuntimeLibrary Runtime { get; }
    internal LLVMOrcJITDylibRef Dylib { get; }

    /// <summary>Units that are loaded now.</summary>
    public int LiveUnits => Volatile.Read(ref _liveUnits);
    private int _liveUnits;

    public void Dispose()
    {
        _jit.Dispose();
        _quickPolicy.Dispose();
        _fullPolicy.Dispose();
    }

    /// <summary>Makes a C function of the host callable from Kea by name. The address stays good as long as the engine lives.</summary>
    public void DefineSymbol(string name, nint address)
    {
        const byte exportedAndCallable = 1 | 4;
        using var text = new NativeText(name);
        var symbol = new LLVMJITSymbol(Orc.LLVMOrcLLJITMangleAndIntern(_jit.Raw, text.Pointer), (ulong)address, exportedAndCallable, 0);
        NativeText.Check(Orc.LLVMOrcJITDylibDefine(Dylib, Orc.LLVMOrcAbsoluteSymbols(&symbol, 1)));
    }

    /// <summary>A name for the next unit's table of addresses.</summary>
    internal string NextTable() => $"kea.unit.{Interlocked.Increment(ref _lastUnit)}";

    internal LlvmTargetMachine RentMachine(CodeLevel level) => (level == CodeLevel.Quick ? _quick : _full).Get();
    internal void ReturnMachine(CodeLevel level, LlvmTargetMachine machine) => (level == CodeLevel.Quick ? _quick : _full).Return(machine);

    /// <summary>Loads a unit; its code can be called when this returns.</summary>
    /// <param name="names">Of its functions in the order of its table.</param>
    internal CodeUnit Load(UnitObject unit, IReadOnlyList<string> names)
    {
        var tracker = new LlvmResourceTracker(Dylib);
        try
        {
            using (unit.Object)
                NativeText.Check(Orc.LLVMOrcLLJITAddObjectFileWithRT(_jit.Raw, tracker.Raw, unit.Object.TransferOwnership()));
            ulong table;
            using var name = new NativeText(unit.Table);
            NativeText.Check(Orc.LLVMOrcLLJITLookup(_jit.Raw, &table, name.Pointer));
            var addresses = new ReadOnlySpan<nint>((void*)table, names.Count).ToArray();
            Interlocked.Increment(ref _liveUnits);
            var (named, start, end) = Register(unit, addresses, names);
            return new CodeUnit(this, tracker, Interlocked.Increment(ref _lastId), [.. names.Select(HotProgram.WrittenName)], addresses, named, start, end, unit.CodeBytes);
        }
        catch
        {
            tracker.Dispose();
            throw;
        }
    }

    /// <summary>Names the functions of a unit for backtraces, also those that are only called from within it.</summary>
    /// <returns>What has been named, and where the code lies.</returns>
    private (nint[] Named, nint Start, nint End) Register(UnitObject unit, nint[] addresses, IReadOnlyList<string> names)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            if (!unit.Code.TryGetValue(names[i], out var known)) continue;
            var code = addresses[i] - (nint)known.Offset;
            var starts = new List<nint>(unit.Code.Count);
            nint end = 0;
            foreach (var (name, (offset, bytes)) in unit.Code)
            {
                starts.Add(code + (nint)offset);
                if (unit.IsNamed) Runtime.RegisterCode(starts[^1], bytes, HotProgram.WrittenName(name));
                end = Math.Max(end, starts[^1] + (nint)bytes + 1);
            }
            return (unit.IsNamed ? [.. starts] : [], starts.Min(), end);
        }
        return ([], 0, 0);
    }

    internal void Unload(LlvmResourceTracker tracker, nint[] named)
    {
        foreach (var start in named) Runtime.UnregisterCode(start);
        tracker.Dispose();
        Interlocked.Decrement(ref _liveUnits);
    }

    private sealed class MachinePolicy(Processor processor, CodeLevel level) : PooledObjectPolicy<LlvmTargetMachine>, IDisposable
    {
        private readonly List<LlvmTargetMachine> _made = [];

        public override LlvmTargetMachine Create()
        {
            var machine = processor.Machine(level, forJit: true);
            lock (_made) _made.Add(machine);
            return machine;
        }

        public override bool Return(LlvmTargetMachine machine) => true;

        public void Dispose()
        {
            foreach (var machine in _made) machine.Dispose();
        }
    }
}
