using Kea.Types;

namespace Kea.Mir;

internal sealed partial class EmitMigration
{
    private sealed partial class Body
    {
        private ValueId Widen(ValueId value, BuiltinType from, BuiltinType to)
        {
            var (before, after) = (B.TypeOf(value), TypeOf(to));
            if (before == after) return value;
            if (after is MirType.Float) return B.Emit(after, new Inst.Cast(CastOp.FloatExtend, value));
            return B.Emit(after, new Inst.Cast(Representation.IsSigned(from) ? CastOp.SignExtend : CastOp.ZeroExtend, value));
        }

        /// <summary>Fails for a value that comes back as another one.</summary>
        private ValueId Narrow(ValueId value, BuiltinType from, BuiltinType to)
        {
            var (before, after) = (B.TypeOf(value), TypeOf(to));
            if (before == after) return value;
            var isFloat = after is MirType.Float;
            var small = B.Emit(after, new Inst.Cast(isFloat ? CastOp.FloatTruncate : CastOp.Truncate, value));
            var back = B.Emit(before, new Inst.Cast(isFloat ? CastOp.FloatExtend : Representation.IsSigned(to) ? CastOp.SignExtend : CastOp.ZeroExtend, small));
            var (fits, misses) = (B.NewBlock(), B.NewBlock());
            if (isFloat)
            {
                // Not a number stays not a number.
                var check = B.NewBlock();
                B.Branch(B.Compare(CompareOp.Equal, true, value, value), check, fits);
                B.Continue(check);
            }
            B.Branch(B.Compare(CompareOp.Equal, true, back, value), fits, misses);
            B.Continue(misses);
            Fail(B.String($"a value of type {from} does not fit into {to}, which the version before has in its place"));
            B.Continue(fits);
            return small;
        }

        private static MirType TypeOf(BuiltinType type) => type switch
        {
            BuiltinType.Float16 => new MirType.Float(16),
            BuiltinType.Float32 => MirType.F32,
            BuiltinType.Float or BuiltinType.Float64 => MirType.F64,
            _ => Representation.IntegerOf(type),
        };
    }
}
