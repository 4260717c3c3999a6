using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>The functions through which the outside enters: <c>main</c>, tests, smoke tests and reload hooks, without parameters, returning a status as i64.</summary>
internal sealed partial class FunctionLowering
{
    /// <summary>Runs main: Unit is status 0, an integer is the status, a failure goes to the runtime with its text, if it has one.</summary>
    public static MirSignature LowerMain(LoweringContext context, FunctionSymbol main)
    {
        var module = context.ModuleName(main.Module);
        return context.Synthetic("main", module, [], MirType.I64, false, (at, _) =>
        {
            var called = at.EmitFunction(main, [], []);
            at.WithFailure(called, (error, type) =>
            {
                var text = new MirType.Reference(false, true);
                at._b.Runtime(RuntimeFunctions.UnhandledFail, at._b.Emit(text, at.HasText(type) ? new Inst.Cast(CastOp.Reinterpret, at.EmitShow(type, error)) : new Inst.Null()));
                at._b.Unreachable();
            }, value => at._b.Return(at.StatusOf(value, called.Result)));
        });
    }

    /// <summary>Runs a test or a reload hook once: 0, or 1 after a failure, whose text <c>kea_test_failed</c> keeps.</summary>
    public static MirSignature LowerOnce(LoweringContext context, FunctionSymbol function, string name)
    {
        var module = context.ModuleName(function.Module);
        return context.Synthetic(name, module, [], MirType.I64, false, (at, _) =>
        {
            var called = at.EmitFunction(function, [], []);
            at.WithFailure(called, (error, type) =>
            {
                at._b.Runtime(RuntimeFunctions.TestFailed, at.HasText(type) ? at.EmitShow(type, error) : at._b.String(""));
                at._b.Return(at._b.Int(1));
            }, _ => at._b.Return(at._b.Int(0)));
        });
    }

    /// <summary>Asks a function for its Bool: 0 for true, 1 for false or after a failure, whose text <c>kea_test_failed</c> keeps.</summary>
    public static MirSignature LowerSmoke(LoweringContext context, FunctionSymbol smoke)
    {
        return context.Synthetic($"{smoke.QualifiedName}.smoke", context.ModuleName(smoke.Module), [], MirType.I64, false, (at, _) =>
        {
            var called = at.EmitFunction(smoke, [], []);
            at.WithFailure(called, (error, type) =>
            {
                at._b.Runtime(RuntimeFunctions.TestFailed, at.HasText(type) ? at.EmitShow(type, error) : at._b.String(""));
                at._b.Return(at._b.Int(1));
            }, value =>
            {
                var (yes, no) = (at._b.NewBlock(), at._b.NewBlock());
                at._b.Branch(value, yes, no);
                at._b.Continue(yes);
                at._b.Return(at._b.Int(0));
                at._b.Continue(no);
                at._b.Return(at._b.Int(1));
            });
        });
    }

    private void WithFailure(Outcome outcome, Action<ValueId, ClosedType> failed, Action<ValueId> succeeded)
    {
        if (!_b.IsReachable) return;
        if (outcome.Failure is not { } failure)
        {
            succeeded(outcome.Value);
            return;
        }
        var (ok, error) = (_b.NewBlock(), _b.NewBlock());
        _b.End(new Terminator.SwitchInt(_b.Emit(MirType.I8, new Inst.Extract(outcome.Value, 0)), [(0, new Edge(ok.Id, [])), (1, new Edge(error.Id, []))], null));
        _b.Continue(error);
        failed(_b.Emit(Of(failure), new Inst.Extract(outcome.Value, 2)), failure);
        _b.Continue(ok);
        if (outcome.Result.IsNever) _b.Unreachable();
        else succeeded(_b.Emit(Of(outcome.Result), new Inst.Extract(outcome.Value, 1)));
    }

    private ValueId StatusOf(ValueId value, ClosedType type) =>
        Representation.IsInteger(type.BuiltinOrNone) && type.BuiltinOrNone != BuiltinType.UInt64 ? Widen(value, type.BuiltinOrNone, BuiltinType.Int)
        : type.BuiltinOrNone == BuiltinType.UInt64 ? value : _b.Int(0);

    private bool HasText(ClosedType type) => Program.Implements(Program.StandardTrait("Show", "Show"), type.Source);
}
