using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// How state is held outside of Kea code: as one counted object, whatever its type is. The box of a type has one field, the value.
/// </summary>
/// <remarks>
/// A migration takes a box and gives an <i>outcome</i>, which is the new box (tag 0 in its header), or a failure (tag 1) whose only
/// field is the message, a String. Both are ordinary objects of ordinary layouts: whoever holds one may drop it without knowing which
/// it is. For C, an entry is <c>kea_object *entry(kea_context *, kea_object *)</c> under the Kea convention, consuming its argument.
/// </remarks>
internal static class StateBox
{
    public const int BoxTag = 0, FailureTag = 1;

    public static LayoutId Layout(Representation shapes, ClosedType state) =>
        shapes.Session.Layout($"Live.Box({state.Name})", LayoutKind.Fields, BoxTag, [shapes.Of(state)]);

    public static LayoutId FailureLayout(LoweringSession session) =>
        session.Layout("Live.Failure", LayoutKind.Fields, FailureTag, [MirType.Ref]);

    /// <summary>The outcome of a migration to this type as an enum: variant 0 the box, variant 1 the failure.</summary>
    public static EnumId Outcome(Representation shapes, ClosedType state) =>
        shapes.Session.Enum($"Live.Outcome({state.Name})", [Layout(shapes, state), FailureLayout(shapes.Session)]);

    public static ValueId Box(FunctionBuilder b, Representation shapes, ClosedType state, ValueId value) =>
        b.Emit(MirType.Ref, new Inst.Alloc(Layout(shapes, state), [value]));

    public static ValueId Unbox(FunctionBuilder b, Representation shapes, ClosedType state, ValueId box) =>
        b.Emit(shapes.Of(state), new Inst.Project(box, Layout(shapes, state), 0));

    public static ValueId Failure(FunctionBuilder b, LoweringSession session, ValueId message) =>
        b.Emit(MirType.Ref, new Inst.Alloc(FailureLayout(session), [message]));
}
