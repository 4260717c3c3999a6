using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

internal sealed partial class EmitMigration
{
    /// <summary>One function while it is being written.</summary>
    private sealed partial class Body(EmitMigration migration, ClosedType result, bool isEntry)
    {
        public FunctionBuilder B { get; } = new();
        public DataAccess From => new(B, Source);
        private DataAccess To => new(B, Target);
        private Representation Source => migration.Source;
        private Representation Target => migration.Target;

        /// <summary>Emits what makes the new value of the old one; leaves the function where that fails.</summary>
        public ValueId Value(MigrationStep step, ValueId value, ClosedType to) => step switch
        {
            MigrationStep.Keep => Recast(value, B.TypeOf(value), Target.Of(to)),
            MigrationStep.Widen(var from, var wide) => Widen(value, from, wide),
            MigrationStep.Narrow(var from, var small) => Narrow(value, from, small),
            MigrationStep.Wrap(var option, var inner) => To.MakeVariant(option, SomeOf(option), [Value(inner, value, option.Arguments[0])]),
            MigrationStep.Unwrap(var option, var inner) => Value(inner, Some(value, option), to),
            MigrationStep.Convert(var pair) => Call(pair, value),
        };

        public ValueId Product(MigrationPair pair, ImmutableArray<FieldSource> fields, ValueId value) =>
            To.MakeProduct(pair.To, Sources(fields, Target.FieldsOf(pair.To).Types, field => From.ProductField(value, pair.From, field)).AsSpan());

        private ImmutableArray<ValueId> Sources(ImmutableArray<FieldSource> sources, ImmutableArray<ClosedType> types, Func<int, ValueId> taken)
        {
            var values = ImmutableArray.CreateBuilder<ValueId>(sources.Length);
            for (var i = 0; i < sources.Length; i++) values.Add(Field(sources[i], types[i], taken));
            return values.MoveToImmutable();
        }

        private ValueId Field(FieldSource source, ClosedType type, Func<int, ValueId> taken) => source switch
        {
            FieldSource.Taken(var field, var step) => Value(step, taken(field), type),
            FieldSource.Default(var constant) => Default(constant, type),
            FieldSource.Nothing => To.MakeVariant((ClosedType.Nominal)type, 1 - SomeOf((ClosedType.Nominal)type), []),
        };

        /// <summary>Calls a function of the user with the record that it asks for.</summary>
        public ValueId Written(CodeChange change, Func<int, ValueId> taken)
        {
            var fields = Sources(ImmutableArray<FieldSource>.CastUp(change.Fields), change.Row.Types, taken);
            var instance = migration.Context.Instance(change.Function, change.Arguments, migration.Module);
            var outcome = B.Emit(instance.Signature.Result, new Inst.Call(instance.Signature.Id, [To.MakeProduct(change.Row, fields.AsSpan())]));
            return instance.Failure is null ? outcome : Settled(outcome, instance.Result);
        }

        public void Bounds(MigrationPair pair, MigrationStep step, ValueId value)
        {
            var (from, to) = (((ClosedType.Nominal)pair.From).Arguments[0], ((ClosedType.Nominal)pair.To).Arguments[0]);
            ValueId Bound(int field) => Value(step, B.Emit(Source.Of(from), new Inst.Extract(value, field)), to);
            var (low, high) = (Bound(0), Bound(1));
            Return(B.Aggregate(Target.RangeAggregate(pair.To), low, high, B.Emit(MirType.Boolean, new Inst.Extract(value, 2))));
        }

        public void Return(ValueId value)
        {
            if (!B.IsReachable) return;
            if (!migration.CanFail) B.Return(value);
            else B.Return(B.Aggregate(Outcome, B.Const(MirType.I8, 0), value, To.Zero(MirType.Ref)));
        }

        public void Fail(ValueId message)
        {
            if (isEntry)
            {
                B.Runtime(RuntimeFunctions.TestFailed, message);
                B.Return(B.Emit(_boxOrNull, new Inst.Null()));
            }
            else B.Return(B.Aggregate(Outcome, B.Const(MirType.I8, 1), To.Zero(Target.Of(result)), message));
        }

        private AggregateId Outcome => Target.ResultAggregate(result, Target.Types.String);

        private ValueId Call(MigrationPair pair, ValueId value)
        {
            var outcome = B.Emit(migration.ResultOf(pair.To), new Inst.Call(migration.FunctionOf(pair), [value]));
            return migration.CanFail ? Settled(outcome, pair.To) : outcome;
        }

        /// <summary>The value of what may have failed; a failure leaves this function too.</summary>
        private ValueId Settled(ValueId outcome, ClosedType type)
        {
            var (succeeded, failed) = (B.NewBlock(), B.NewBlock());
            B.End(new Terminator.SwitchInt(B.Emit(MirType.I8, new Inst.Extract(outcome, 0)), [(0, new Edge(succeeded.Id, [])), (1, new Edge(failed.Id, []))], null));
            B.Continue(failed);
            Fail(B.Emit(MirType.Ref, new Inst.Extract(outcome, 2)));
            B.Continue(succeeded);
            return B.Emit(Target.Of(type), new Inst.Extract(outcome, 1));
        }

        private ValueId Default(ConstSymbol constant, ClosedType type)
        {
            var signature = FunctionLowering.LowerDefault(migration.Context, constant, type, Owner, migration.Keep);
            return B.Emit(signature.Result, new Inst.Call(signature.Id, []));
        }

        /// <summary>What the variables of the type that holds the field stand for.</summary>
        private TypeSubstitution Owner =>
            result is ClosedType.Nominal { Arguments.IsEmpty: false } generic ? new TypeSubstitution(generic.Symbol.Parameters, generic.Arguments, null) : TypeSubstitution.Empty;

        // Versions of one type have the same memory here but may be named apart; values in registers take the new name part by part.
        private ValueId Recast(ValueId value, MirType from, MirType to)
        {
            if (from == to || to is not MirType.Aggregate(var id) || from is not MirType.Aggregate(var before)) return value;
            var (old, wanted) = (migration.Session[before].Fields, migration.Session[id].Fields);
            var fields = new ValueId[wanted.Length];
            for (var i = 0; i < fields.Length; i++) fields[i] = Recast(B.Emit(old[i], new Inst.Extract(value, i)), old[i], wanted[i]);
            return B.Aggregate(id, fields);
        }

        private ValueId Some(ValueId value, ClosedType.Nominal option)
        {
            var (some, none) = (B.NewBlock(), B.NewBlock());
            var at = SomeOf(option);
            From.SwitchOnVariant(value, option, at == 0 ? [some, none] : [none, some]);
            B.Continue(none);
            Fail(B.String($"None has no counterpart in the version before, where it was {TypePrinter.Text(option.Arguments[0].Source)}"));
            B.Continue(some);
            return From.VariantField(value, option, at, 0);
        }

        private static int SomeOf(ClosedType.Nominal option) => option.Symbol.Variants[0].Fields.IsEmpty ? 1 : 0;
    }
}
