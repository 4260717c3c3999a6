using Kea.Llvm.Emit;
using Kea.Mir;
using Kea.Testing;

namespace Kea.Llvm.Tests;

/// <summary>
/// MIR text and the LLVM IR it becomes before any optimisation: as a static program with all facts, and as a unit whose calls
/// go through slots.
/// </summary>
internal sealed class GoldenTests
{
    private const string Folder = "llvm";

    private static IEnumerable<string> Names => Golden.Names(Folder);

    [TestCaseSource(nameof(Names))]
    public void Static_code(string name)
    {
        var program = StaticRun.Parse(Golden.Source(Folder, name));
        var options = EmitOptions.Optimised with { DebugInfo = name == "checked_arithmetic" };
        var text = StaticProgram.Print(program, "main.kea", Processor.Static(), options);
        Golden.Check(Folder, name, "static", WithoutFolders(text));
    }

    [TestCaseSource(nameof(Names))]
    public void Unit_code(string name)
    {
        var program = StaticRun.Parse(Golden.Source(Folder, name));
        var options = EmitOptions.T0 with { DebugInfo = false };
        // The same triple and data layout on every machine.
        Golden.Check(Folder, name, "unit", UnitWriter.Print(program, program.Functions, new Numbered(), Processor.Static(), options));
    }

    [Test]
    public void No_golden_text_is_orphaned() => Golden.NoOrphans(Folder);

    [TestCaseSource(nameof(Names))]
    public void LLVM_accepts_the_code(string name)
    {
        var program = StaticRun.Parse(Golden.Source(Folder, name));
        using var context = new Interop.LlvmContext();
        using var emission = new ModuleEmission(program, context, "test", "main.kea", Processor.Static(), EmitOptions.Optimised);
        emission.Emit(program.Functions, new StaticLinkage(emission));
        Assert.That(emission.Module.Verify(), Is.Null);
    }

    [Test]
    public void LLVM_accepts_the_units([ValueSource(nameof(Names))] string name, [Values] bool checksCalls)
    {
        var program = StaticRun.Parse(Golden.Source(Folder, name));
        using var context = new Interop.LlvmContext();
        using var emission = new ModuleEmission(program, context, "test", "main.kea", Processor.Static(), EmitOptions.T0);
        emission.Emit(program.Functions, new ReloadableLinkage(emission, program.Functions, new Numbered { ChecksCalls = checksCalls }, "kea.unit"));
        Assert.That(emission.Module.Verify(), Is.Null);
        Assert.That(emission.Module.Print().Contains("kea_call_", StringComparison.Ordinal), Is.EqualTo(checksCalls));
    }

    private static string WithoutFolders(string text) => text.Replace(Environment.CurrentDirectory, "/folder", StringComparison.Ordinal);

    /// <summary>Slots are the callees' ids, addresses are told apart by their last digits.</summary>
    private sealed class Numbered : IUnitEnvironment
    {
        public int SlotOf(FunctionId function) => function.Index;
        public bool ChecksCalls { get; init; }
        public int LayoutNumber(LayoutId layout) => layout.Index;
        public nint Text(string text) => 0x1000 + text.Length * 16;
        public nint ClosureObject(FunctionId function) => 0x2000 + function.Index * 16;
        public nint ClosureCode(FunctionId function) => 0x3000 + function.Index * 16;
        public HotCounter? EntryCounter(FunctionId function, bool forwards) => null;
        public HotCounter RestCounter(FunctionId rest) => new(0x4000, rest.Index, 0x4010 + rest.Index * 16, false);
    }
}
