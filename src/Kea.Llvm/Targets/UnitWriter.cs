using System.Runtime.InteropServices;
using Kea.Llvm.Emit;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm;

/// <summary>A unit's object file before it is loaded.</summary>
/// <param name="Table">The exported symbol: addresses of the functions, in order.</param>
/// <param name="Code">By name: where each function lies in the code, and how many bytes it has.</param>
internal sealed record UnitObject(LlvmMemoryBuffer Object, string Table, Dictionary<string, (ulong Offset, ulong Bytes)> Code)
{
    /// <summary>Backtraces name its functions.</summary>
    public bool IsNamed { get; init; } = true;

    public long CodeBytes => Code.Values.Sum(function => (long)function.Bytes);
}

/// <summary>Compiles functions into a reloadable unit.</summary>
internal static unsafe class UnitWriter
{
    private const string Passes = "default<O2>";

    public static UnitObject Compile(
        MirProgram program, IReadOnlyList<MirFunction> functions, IUnitEnvironment environment, string table,
        Processor processor, LlvmTargetMachine machine, CodeLevel level, EmitOptions options)
    {
        using var context = new LlvmContext();
        using var emission = new ModuleEmission(program, context, table, functions[0].SourcePath, processor, options);
        emission.Emit(functions, new ReloadableLinkage(emission, functions, environment, table));
        if (level == CodeLevel.Full) ObjectWriter.Optimise(emission.Module, machine, Passes);
        var code = ObjectWriter.Emit(emission.Module, machine, LLVMCodeGenFileType.Object);
        return new(code, table, CodeOf(context, code));
    }

    /// <summary>Compiles functions that are hot together into a unit that is entered by its roots, which its table holds.</summary>
    /// <param name="inline">Bitcode of the runtime.</param>
    public static UnitObject CompileHot(
        MirProgram program, IUnitEnvironment environment, string table, Processor processor, LlvmTargetMachine machine, string inline)
    {
        using var context = new LlvmContext();
        using var emission = new ModuleEmission(program, context, table, program.Functions[0].SourcePath, processor, EmitOptions.Optimised);
        emission.Emit(program.Functions, new ReloadableLinkage(emission, program.Functions, environment, table, program.Roots));
        RuntimeBitcode.LinkInline(context, emission.Module, inline);
        ObjectWriter.Optimise(emission.Module, machine, Passes);
        var code = ObjectWriter.Emit(emission.Module, machine, LLVMCodeGenFileType.Object);
        return new(code, table, CodeOf(context, code));
    }

    /// <summary>A unit whose one function, under the C convention, calls what a slot holds.</summary>
    /// <param name="checks">Whether the call is checked.</param>
    public static UnitObject CompileEntry(
        MirProgram program, FunctionId entry, int slot, string table, Processor processor, LlvmTargetMachine machine, bool checks)
    {
        using var context = new LlvmContext();
        var options = new EmitOptions(Facts: false, CleanUps.None, DebugInfo: false);
        using var emission = new ModuleEmission(program, context, table, "", processor, options);
        var wrapper = EntryWrapper.Add(emission, entry, at =>
        {
            var code = ReloadableLinkage.LoadSlot(emission, at, slot);
            if (checks) CallChecks.Leave(emission, at, entry, code, EntryWrapper.Name);
            return code;
        });
        ReloadableLinkage.Export(emission, emission.ConstArray(emission.Types.Pointer, [wrapper]), table);
        var code = ObjectWriter.Emit(emission.Module, machine, LLVMCodeGenFileType.Object);
        return new(code, table, CodeOf(context, code));
    }

    /// <summary>A unit whose one function calls what a slot holds, with what it is called with. Backtraces do not show it.</summary>
    /// <param name="checks">Whether the call is checked.</param>
    public static UnitObject CompileForward(
        MirProgram program, FunctionId function, int slot, string table, Processor processor, LlvmTargetMachine machine, bool checks)
    {
        using var context = new LlvmContext();
        var options = new EmitOptions(Facts: false, CleanUps.None, DebugInfo: false);
        using var emission = new ModuleEmission(program, context, table, "", processor, options);
        var forward = SlotForward.Add(emission, function, slot, checks);
        ReloadableLinkage.Export(emission, emission.ConstArray(emission.Types.Pointer, [forward]), table);
        var code = ObjectWriter.Emit(emission.Module, machine, LLVMCodeGenFileType.Object);
        return new(code, table, CodeOf(context, code)) { IsNamed = false };
    }

    /// <summary>The unit's IR as text.</summary>
    public static string Print(MirProgram program, IReadOnlyList<MirFunction> functions, IUnitEnvironment environment, Processor processor, EmitOptions options)
    {
        using var context = new LlvmContext();
        using var emission = new ModuleEmission(program, context, "unit", functions[0].SourcePath, processor, options);
        emission.Emit(functions, new ReloadableLinkage(emission, functions, environment, "kea.unit"));
        return emission.Module.Print();
    }

    /// <summary>The functions of the object's main section of code; all functions that are not unlikely to run are in it.</summary>
    private static Dictionary<string, (ulong Offset, ulong Bytes)> CodeOf(LlvmContext context, LlvmMemoryBuffer code)
    {
        byte* message = null;
        var binary = Native.LLVMCreateBinary(code.Raw, context.Ref, &message);
        if (binary == 0) throw new LlvmException(NativeText.TakeMessage(message));
        var functions = new Dictionary<string, (ulong, ulong)>(StringComparer.Ordinal);
        var section = Native.LLVMObjectFileCopySectionIterator(binary);
        var symbol = Native.LLVMObjectFileCopySymbolIterator(binary);
        for (; Native.LLVMObjectFileIsSymbolIteratorAtEnd(binary, symbol) == 0; Native.LLVMMoveToNextSymbol(symbol))
        {
            var size = Native.LLVMGetSymbolSize(symbol);
            if (size == 0) continue;
            Native.LLVMMoveToContainingSection(section, symbol);
            if (Native.LLVMObjectFileIsSectionIteratorAtEnd(binary, section) != 0 || Marshal.PtrToStringUTF8((nint)Native.LLVMGetSectionName(section)) != ".text") continue;
            functions[Marshal.PtrToStringUTF8((nint)Native.LLVMGetSymbolName(symbol))!] = (Native.LLVMGetSymbolAddress(symbol), size);
        }
        Native.LLVMDisposeSymbolIterator(symbol);
        Native.LLVMDisposeSectionIterator(section);
        Native.LLVMDisposeBinary(binary);
        return functions;
    }
}
