using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// How state is held outside of Kea code: as one counted object, whatever its type is. The box of a value is what
/// <c>Continue(value)</c> of <c>Step</c> is: an object with the value as its only field and tag 0.
/// </summary>
/// <remarks>
/// A migration's entry is <c>kea_object *entry(kea_context *, kea_object *)</c> under the Kea convention. It consumes the box it is
/// given and returns the new one, or null when the migration failed; the message is then the run's (<c>kea_test_failed</c> keeps it
/// there, as it does those of failed tests). A panic unwinds through it like through any Kea function.
/// </remarks>
internal static class StateBox
{
    public static LayoutId Layout(Representation shapes, CheckedProgram program, ClosedType state) =>
        shapes.SumOf(shapes.Types.Nominal(program.StandardType("Step", "Step"), [state])) is SumShape.Boxed { Layouts: [{ } box, ..] }
            ? box
            : throw new InvalidOperationException("lowering: Step is a boxed enum");

    public static ValueId Box(FunctionBuilder b, ProgramSide side, ClosedType state, ValueId value) =>
        b.Emit(MirType.Ref, new Inst.Alloc(Layout(side.Shapes, side.Program, state), [value]));

    public static ValueId Unbox(FunctionBuilder b, ProgramSide side, ClosedType state, ValueId box) =>
        b.Emit(side.Shapes.Of(state), new Inst.Project(box, Layout(side.Shapes, side.Program, state), 0));
}
