using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

internal sealed partial class EmitMigration
{
    private sealed partial class Body
    {
        private static readonly MirType _stack = new MirType.Reference(false, true);

        /// <summary>A new vector of the same length, filled from the front.</summary>
        public void Elements(MigrationPair pair, MigrationStep step, ValueId vector)
        {
            var (from, to) = (((ClosedType.Nominal)pair.From).Arguments[0], ((ClosedType.Nominal)pair.To).Arguments[0]);
            var (oldLayout, newLayout) = (Source.VectorLayout(pair.From), Target.VectorLayout(pair.To));
            var length = B.Emit(MirType.I64, new Inst.Length(vector, LayoutKind.Vector));
            var made = B.Emit(MirType.Ref, new Inst.VectorNew(newLayout, length));
            var (loop, next, done) = (B.NewBlock(), B.NewBlock(), B.NewBlock());
            var index = B.AddParameter(loop, MirType.I64);
            B.Jump(loop, B.Int(0));
            B.Continue(loop);
            B.Branch(B.Compare(CompareOp.Less, true, index, length), next, done);
            B.Continue(next);
            var element = Value(step, B.Emit(Source.Of(from), new Inst.VectorGet(vector, oldLayout, index)), to);
            var filled = B.Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, index, B.Int(1)));
            B.Emit(new Inst.VectorStore(made, newLayout, index, element));
            B.Emit(new Inst.VectorSetLength(made, filled));
            B.Jump(loop, filled);
            B.Continue(done);
            Return(made);
        }

        /// <summary>
        /// Variant by variant. A variant whose last part of the same type makes a list of the values is not recursion: the cells on
        /// the way are put on a stack in the heap, the end is converted, and then one cell after the other is made around it.
        /// </summary>
        public void Sum(MigrationPair pair, ImmutableArray<VariantStep> variants, ValueId value)
        {
            var type = (ClosedType.Nominal)pair.From;
            var spines = variants.Select(v => SpineOf(pair, v)).ToArray();
            if (spines.All(s => s < 0))
            {
                OnVariants(type, value, variants, (variant, step) => Return(Variant(pair, variant, step, value, -1, default)), _ => true);
                return;
            }
            var cell = Source.Session.Layout($"Live.Spine({type.Name})", LayoutKind.Fields, 0, [Source.Of(type), _stack]);
            var (down, up) = (B.NewBlock(), B.NewBlock());
            var (at, above) = (B.AddParameter(down, Source.Of(type)), B.AddParameter(down, _stack));
            var (made, waiting) = (B.AddParameter(up, Target.Of(pair.To)), B.AddParameter(up, _stack));
            B.Jump(down, value, B.Emit(_stack, new Inst.Null()));
            B.Continue(down);
            OnVariants(type, at, variants, (variant, step) =>
            {
                if (spines[variant] < 0) { Arrive(up, Variant(pair, variant, step, at, -1, default), above); return; }
                var rest = From.VariantField(at, type, variant, ((FieldSource.Taken)((VariantStep.Becomes)step).Fields[spines[variant]]).Field);
                B.Jump(down, rest, B.Emit(MirType.Ref, new Inst.Alloc(cell, [at, above])));
            }, _ => true);
            B.Continue(up);
            var (finished, more) = (B.NewBlock(), B.NewBlock());
            B.Branch(B.Emit(MirType.Boolean, new Inst.IsNull(waiting)), finished, more);
            B.Continue(finished);
            Return(made);
            B.Continue(more);
            var top = B.Emit(MirType.Ref, new Inst.Cast(CastOp.Reinterpret, waiting));
            var held = B.Emit(Source.Of(type), new Inst.Project(top, cell, 0));
            var left = B.Emit(_stack, new Inst.Project(top, cell, 1));
            OnVariants(type, held, variants, (variant, step) => Arrive(up, Variant(pair, variant, step, held, spines[variant], made), left), variant => spines[variant] >= 0);
        }

        /// <summary>The last field of the result that is the same pair again; below 0 where there is none.</summary>
        private static int SpineOf(MigrationPair pair, VariantStep step)
        {
            if (step is not VariantStep.Becomes(_, var fields)) return -1;
            for (var i = fields.Length - 1; i >= 0; i--)
                if (fields[i] is FieldSource.Taken(_, MigrationStep.Convert(var again)) && ReferenceEquals(again, pair)) return i;
            return -1;
        }

        private void Arrive(BlockBuilder block, ValueId value, ValueId stack)
        {
            if (B.IsReachable) B.Jump(block, value, stack);
        }

        private void OnVariants(ClosedType.Nominal type, ValueId value, ImmutableArray<VariantStep> variants, Action<int, VariantStep> write, Predicate<int> occurs)
        {
            var blocks = variants.Select((_, i) => occurs(i) ? B.NewBlock() : null).ToArray();
            From.SwitchOnVariant(value, type, blocks);
            for (var i = 0; i < blocks.Length; i++)
            {
                if (blocks[i] is not { } block) continue;
                B.Continue(block);
                write(i, variants[i]);
            }
        }

        /// <summary>The new value of a variant; with a spine its field there is given.</summary>
        private ValueId Variant(MigrationPair pair, int variant, VariantStep step, ValueId value, int spine, ValueId given)
        {
            var type = (ClosedType.Nominal)pair.From;
            ValueId Field(int field) => From.VariantField(value, type, variant, field);
            switch (step)
            {
                case VariantStep.Becomes(var target, var fields):
                    var to = (ClosedType.Nominal)pair.To;
                    var types = Target.VariantFieldsOf(to)[target];
                    return To.MakeVariant(to, target, (spine < 0 ? Sources(fields, types, Field)
                        : [.. Sources(fields[..spine], types[..spine], Field), given, .. Sources(fields[(spine + 1)..], types[(spine + 1)..], Field)]).AsSpan());
                case VariantStep.Written(var change): return Written(change, Field);
                case VariantStep.Missing(var name):
                    Fail(B.String($"the version before has no variant '{name}' of '{type.Symbol.Name}'"));
                    return B.NewValue(Target.Of(pair.To));
                default: throw new InvalidOperationException("a closed family");
            }
        }
    }
}
