using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>DWARF line tables: which file, line and column each instruction comes from, so that gdb and perf can tell.</summary>
internal sealed unsafe class DebugInfo : IDisposable
{
    private const uint LanguageC99 = 11, LineTablesOnly = 2, DwarfVersion = 4, DebugMetadataVersion = 3;

    private readonly LLVMContextRef _context;
    private readonly LlvmDebugBuilder _builder;
    private readonly LLVMMetadataRef _functionType;
    private readonly Dictionary<string, LLVMMetadataRef> _files = new(StringComparer.Ordinal);
    private readonly bool _optimised;

    public DebugInfo(LLVMModuleRef module, TypeMap types, string mainFile, bool optimised)
    {
        _context = types.Context;
        _builder = new LlvmDebugBuilder(module);
        _optimised = optimised;
        Flag(module, "Debug Info Version"u8, types, DebugMetadataVersion);
        Flag(module, "Dwarf Version"u8, types, DwarfVersion);
        var file = File(mainFile);
        fixed (byte* producer = "kea"u8)
        {
            Native.LLVMDIBuilderCreateCompileUnit(
                _builder.Raw, LanguageC99, file, producer, 3, optimised ? 1 : 0, null, 0, 0, null, 0, LineTablesOnly, 0, 0, 0, null, 0, null, 0);
        }
        _functionType = Native.LLVMDIBuilderCreateSubroutineType(_builder.Raw, file, null, 0, 0);
    }

    /// <summary>Describes a function; its instructions need locations in the scope that is returned.</summary>
    public LLVMMetadataRef Function(LLVMValueRef function, MirFunction mir)
    {
        using var name = new NativeText(mir.Name);
        var file = File(mir.SourcePath);
        var line = (uint)mir.Location.Line;
        var scope = Native.LLVMDIBuilderCreateFunction(
            _builder.Raw, file, name.Pointer, (nuint)name.Length, null, 0, file, line, _functionType, 1, 1, line, 0, _optimised ? 1 : 0);
        Native.LLVMSetSubprogram(function, scope);
        return scope;
    }

    public LLVMMetadataRef Place(LLVMMetadataRef scope, Location location) =>
        Native.LLVMDIBuilderCreateDebugLocation(_context, (uint)location.Line, (uint)location.Column, scope, default);

    public void Finish() => Native.LLVMDIBuilderFinalize(_builder.Raw);

    public void Dispose() => _builder.Dispose();

    private LLVMMetadataRef File(string path)
    {
        if (_files.TryGetValue(path, out var file)) return file;
        using var name = new NativeText(path.Length == 0 ? "?" : path);
        using var folder = new NativeText(Path.IsPathRooted(path) ? "/" : Environment.CurrentDirectory);
        file = Native.LLVMDIBuilderCreateFile(_builder.Raw, name.Pointer, (nuint)name.Length, folder.Pointer, (nuint)folder.Length);
        _files.Add(path, file);
        return file;
    }

    private static void Flag(LLVMModuleRef module, ReadOnlySpan<byte> key, TypeMap types, uint value)
    {
        var node = Native.LLVMValueAsMetadata(types.Const(types.I32, value));
        fixed (byte* first = key)
            Native.LLVMAddModuleFlag(module, LLVMModuleFlagBehavior.Warning, first, (nuint)key.Length, node);
    }
}
