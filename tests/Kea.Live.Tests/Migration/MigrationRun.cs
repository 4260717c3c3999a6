using System.Collections.Immutable;
using Kea.Mir;
using Kea.Mir.Tests;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Live.Tests.Migration;

/// <summary>
/// Two versions of a program, each text without <c>main</c>. The old one has <c>fn make() -> S</c>, both may have
/// <c>fn text(_ s: S) -> String</c>; the state is what they take and give.
/// </summary>
internal sealed class MigrationRun
{
    private const int FailedStatus = 3;
    private const string Main = "\nfn main() -> Int\n  0\n";
    private readonly LoweringSession _session = new(isReloadable: true);
    private readonly CheckedProgram _old, _now;

    public MigrationRun(string old, string now)
    {
        (_old, _now) = (Programs.Check(old + Main), Programs.Check(now + Main));
        Outcome = Migrations.Plan(_old, StateOf(_old), _now, StateOf(_now), _session);
    }

    public MigrationOutcome Outcome { get; }
    public LayoutComparison Comparison => Migrations.Compare(_old, StateOf(_old), _now, StateOf(_now));

    public MigrationOutcome.Migration Migration =>
        Outcome as MigrationOutcome.Migration ?? throw new AssertionException(Outcome is MigrationOutcome.Refused refused ? string.Join('\n', refused.Obstacles.Select(o => o.Sentence)) : "unchanged");

    public string Changes => string.Join('\n', Migration.Changes.Select(c => c.Sentence));

    /// <summary>What the new version prints of the migrated state, or of the same one where it is unchanged; or the failure's message.</summary>
    public RunOutput Forward() => Run(there => there.Show(Outcome is MigrationOutcome.Unchanged ? there.Made() with { IsNew = true } : there.Step(Migration.Entry, there.Made())));

    /// <summary>What the old version prints of the state that has been migrated and brought back.</summary>
    public RunOutput RoundTrip() => Run(there =>
    {
        Assert.That(Migration.Inverse, Is.Not.Null, "there is an inverse");
        there.Show(there.Step(Migration.Inverse!.Value, there.Step(Migration.Entry, there.Made())));
    });

    /// <summary>The new version's <c>make</c>, brought back to the old one.</summary>
    public RunOutput Backward() => Run(there => there.Show(there.Step(Migration.Inverse!.Value, there.MadeNew())));

    /// <summary>The same state, kept by the caller, migrated twice; it must be as it was.</summary>
    public RunOutput KeptAndMigrated() => Run(there =>
    {
        var kept = there.Made();
        there.Show(there.Step(Migration.Entry, kept));
        there.Show(there.Step(Migration.Entry, kept));
        there.Show(kept);
    });

    private RunOutput Run(Action<Driver> write)
    {
        var driver = new Driver(this);
        write(driver);
        var program = driver.Finish();
        Assert.That(Verify.Program(program, counted: false), Is.Empty, "lowered");
        program = Pipeline.Run(program, PipelineSetting.Quick);
        Assert.That(Verify.Program(program, counted: true), Is.Empty, "counted");
        using var live = new LiveProgram(LiveRun.Engine, new ProgramSource(program), LiveRun.Checked);
        var (output, message) = LiveRun.RunWithMessage(live, program.Entry!.Value);
        // The message of a migration that failed stands in the run, as that of a failed test does.
        return output.Status == FailedStatus ? output with { Output = output.Output + message + "\n" } : output;
    }

    private static Type StateOf(CheckedProgram program)
    {
        var functions = program.Entry.Functions;
        return functions.TryGetValue("make", out var make) ? make.Result : functions["text"].Parameters[0].Type;
    }

    /// <summary>A box and the version of the type in it.</summary>
    private readonly record struct Held(ValueId Box, bool IsNew);

    /// <summary>Writes a main in MIR that calls both versions. The old one's functions are named apart, for both may be there at once.</summary>
    private sealed class Driver
    {
        private readonly MigrationRun _run;
        private readonly FunctionBuilder _b = new();
        private readonly List<MirFunction> _functions = [];
        private readonly Dictionary<FunctionId, FunctionId> _oldIds = [];
        private readonly ProgramSide _old, _now;
        private readonly ClosedType _oldState, _newState;

        public Driver(MigrationRun run)
        {
            _run = run;
            (_old, _now) = (Side(run._old), Side(run._now));
            _oldState = _old.Shapes.Types.Close(StateOf(run._old), TypeSubstitution.Empty);
            _newState = _now.Shapes.Types.Close(StateOf(run._now), TypeSubstitution.Empty);
            Lower(run._old, isOld: true);
            Lower(run._now, isOld: false);
            if (run.Outcome is MigrationOutcome.Unchanged) return;
            foreach (var function in run.Migration.Program.Functions) if (_functions.All(f => f.Id != function.Id)) _functions.Add(function);
        }

        public Held Made() => Make(isNew: false);
        public Held MadeNew() => Make(isNew: true);

        /// <summary>Migrates; a failure ends main.</summary>
        public Held Step(FunctionId entry, Held held)
        {
            var outcome = _b.Emit(new MirType.Reference(false, true), new Inst.Call(entry, [held.Box]));
            var (good, bad) = (_b.NewBlock(), _b.NewBlock());
            _b.Branch(_b.Emit(MirType.Boolean, new Inst.IsNull(outcome)), bad, good);
            _b.Continue(bad);
            _b.Return(_b.Int(FailedStatus));
            _b.Continue(good);
            return new Held(_b.Emit(MirType.Ref, new Inst.Cast(CastOp.Reinterpret, outcome)), !held.IsNew);
        }

        public void Show(Held held)
        {
            var (side, state) = held.IsNew ? (_now, _newState) : (_old, _oldState);
            Print(_b.Emit(MirType.Ref, new Inst.Call(Find("text", held.IsNew), [StateBox.Unbox(_b, side, state, held.Box)])));
        }

        public MirProgram Finish()
        {
            _b.Return(_b.Int(0));
            var id = _run._session.Function("Driver.main", "Driver", [], MirType.I64, false);
            var (blocks, types) = _b.Finish();
            _functions.Add(new MirFunction(id, "Driver.main", "Driver", "", default, [], MirType.I64, false, blocks, types));
            return _run._session.Snapshot([.. _functions], id);
        }

        private Held Make(bool isNew)
        {
            var (side, state) = isNew ? (_now, _newState) : (_old, _oldState);
            return new Held(StateBox.Box(_b, side, state, _b.Emit(side.Shapes.Of(state), new Inst.Call(Find("make", isNew), []))), isNew);
        }

        private void Print(ValueId text)
        {
            _b.Runtime(RuntimeFunctions.Find("__kea_io_stdout")!, text);
            _b.Runtime(RuntimeFunctions.Find("__kea_io_stdout")!, _b.String("\n"));
        }

        private FunctionId Find(string name, bool isNew) => _functions.First(f => f.Name == $"Main.{name}{(isNew ? "" : " (old)")}").Id;

        private ProgramSide Side(CheckedProgram program) => new(program, new LoweringContext(program, _run._session, _ => true).Representation);

        private void Lower(CheckedProgram program, bool isOld)
        {
            var roots = new[] { "make", "text" }.Where(program.Entry.Functions.ContainsKey).Select(n => (program.Entry.Functions[n], ImmutableArray<Type>.Empty));
            var lowered = Lowering.Lower(program, new LoweringRoots.Functions([.. roots]), _run._session);
            foreach (var function in lowered.Program.Functions) _functions.Add(isOld ? Renamed(function) : function);
        }

        private MirFunction Renamed(MirFunction function)
        {
            var blocks = function.Blocks.Select(block => block with { Instructions = [.. block.Instructions.Select(i => i with { Operation = Renamed(i.Operation) })] });
            return function with { Id = Old(function.Id), Name = _run._session[Old(function.Id)].Name, Blocks = [.. blocks] };
        }

        private Inst Renamed(Inst operation) => operation switch
        {
            Inst.Call call => call with { Function = Old(call.Function) },
            Inst.FunctionRef reference => new Inst.FunctionRef(Old(reference.Function)),
            Inst.MakeClosure closure => closure with { Function = Old(closure.Function) },
            _ => operation,
        };

        private FunctionId Old(FunctionId id)
        {
            if (_oldIds.TryGetValue(id, out var known)) return known;
            var signature = _run._session[id];
            var renamed = _run._session.Function(signature.Name + " (old)", signature.Module, signature.Parameters, signature.Result, signature.IsClosureCode);
            _oldIds.Add(id, renamed);
            return renamed;
        }
    }
}
