using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary><c>case</c> and patterns: decision trees become tests, jumps and bindings.</summary>
internal sealed partial class FunctionLowering
{
    private void LowerCase(TypedExpression.Case cases, Destination destination)
    {
        var root = new Occurrence(null, null);
        var match = new Match(root, TypeOf(cases.Scrutinee));
        // A tuple that is only taken apart is never put together.
        if (cases.Scrutinee is TypedExpression.Tuple tuple)
            for (var i = 0; i < tuple.Elements.Length; i++) match.Set(root.Part(new Step.Element(i)), Value(tuple.Elements[i]), TypeOf(tuple.Elements[i]));
        else match.Set(root, Value(cases.Scrutinee), match.RootType);
        if (!_b.IsReachable) return;
        var arms = ImmutableArray.CreateBuilder<(TypedPattern, bool)>(cases.Arms.Length);
        foreach (var arm in cases.Arms) arms.Add((arm.Pattern, arm.Guard is not null));
        var tree = DecisionTree.Of(root, arms.MoveToImmutable());
        EmitMatch(match, tree, arm => cases.Arms[arm].Guard, cases.Arms.Length, arm => Into(cases.Arms[arm].Body, destination));
    }

    /// <summary>Binds the names of a pattern that always matches.</summary>
    private void Bind(TypedPattern pattern, ValueId value, ClosedType type)
    {
        switch (pattern)
        {
            case TypedPattern.Wildcard: return;
            case TypedPattern.Binding(var symbol, _, _): BindValue(symbol, value); return;
        }
        var root = new Occurrence(null, null);
        var match = new Match(root, type);
        match.Set(root, value, type);
        var join = new JoinPoint(MirType.Nothing);
        EmitMatch(match, DecisionTree.Of(root, [(pattern, false)]), _ => null, 1, _ => Arrive(join, default));
        Resolve(join);
    }

    private void EmitMatch(Match match, DecisionTree tree, Func<int, TypedExpression?> guardOf, int armCount, Action<int> lowerArm)
    {
        match.Uses = new int[armCount];
        CountUses(tree, match.Uses);
        match.Shared = new SharedArm?[armCount];
        EmitTree(match, tree, guardOf, lowerArm);
        for (var arm = 0; arm < armCount; arm++)
        {
            if (match.Shared[arm] is not { } shared) continue;
            _b.Continue(shared.Block);
            for (var i = 0; i < shared.Symbols.Length; i++) BindValue(shared.Symbols[i], shared.Block.Parameters[i]);
            lowerArm(arm);
        }
    }

    private void EmitTree(Match match, DecisionTree tree, Func<int, TypedExpression?> guardOf, Action<int> lowerArm)
    {
        switch (tree)
        {
            case DecisionTree.Failure: _b.Unreachable(); break;
            case DecisionTree.Leaf(var arm, var bindings): EnterArm(match, arm, bindings, lowerArm); break;
            case DecisionTree.Guarded(var arm, var bindings, var otherwise):
                foreach (var (symbol, part) in bindings) BindValue(symbol, PartValue(match, part));
                var (then, next) = (_b.NewBlock(), _b.NewBlock());
                Condition(guardOf(arm)!, then, next);
                _b.Continue(then);
                EnterArm(match, arm, bindings, lowerArm);
                _b.Continue(next);
                EmitTree(match, otherwise, guardOf, lowerArm);
                break;
            case DecisionTree.Switch test: EmitSwitch(match, test, guardOf, lowerArm); break;
        }
    }

    private void EnterArm(Match match, int arm, ImmutableArray<(LocalSymbol Symbol, Occurrence Part)> bindings, Action<int> lowerArm)
    {
        if (match.Uses[arm] == 1)
        {
            foreach (var (symbol, part) in bindings) BindValue(symbol, PartValue(match, part));
            lowerArm(arm);
            return;
        }
        // Several ways lead to this arm: its body is lowered once and takes its names as parameters.
        var shared = match.Shared[arm];
        if (shared is null)
        {
            var block = _b.NewBlock();
            foreach (var (_, part) in bindings) _b.AddParameter(block, Of(PartType(match, part)));
            match.Shared[arm] = shared = new SharedArm(block, [.. bindings.Select(b => b.Symbol)]);
        }
        var values = new ValueId[bindings.Length];
        foreach (var (symbol, part) in bindings) values[shared.Symbols.IndexOf(symbol)] = PartValue(match, part);
        _b.Jump(shared.Block, values);
    }

    private void EmitSwitch(Match match, DecisionTree.Switch test, Func<int, TypedExpression?> guardOf, Action<int> lowerArm)
    {
        var value = PartValue(match, test.Part);
        var type = Shapes.Unwrap(PartType(match, test.Part));
        var blocks = new BlockBuilder[test.Cases.Length];
        for (var i = 0; i < blocks.Length; i++) blocks[i] = _b.NewBlock();
        var otherwise = test.Otherwise is null ? null : _b.NewBlock();
        EmitTest(test, value, type, blocks, otherwise);
        for (var i = 0; i < blocks.Length; i++)
        {
            _b.Continue(blocks[i]);
            var mark = match.Mark();
            EmitTree(match, test.Cases[i].Then, guardOf, lowerArm);
            match.Forget(mark);
        }
        if (otherwise is null) return;
        _b.Continue(otherwise);
        var before = match.Mark();
        EmitTree(match, test.Otherwise!, guardOf, lowerArm);
        match.Forget(before);
    }

    private void EmitTest(DecisionTree.Switch test, ValueId value, ClosedType type, BlockBuilder[] blocks, BlockBuilder? otherwise)
    {
        switch (test.Cases[0].Test)
        {
            case MatchTest.Variant: SwitchOnVariant(test, value, (ClosedType.Nominal)type, blocks, otherwise); break;
            case MatchTest.Integer:
                var cases = ImmutableArray.CreateBuilder<(long, Edge)>(blocks.Length);
                for (var i = 0; i < blocks.Length; i++) cases.Add((unchecked((long)((MatchTest.Integer)test.Cases[i].Test).Value), new Edge(blocks[i].Id, [])));
                _b.End(new Terminator.SwitchInt(value, cases.MoveToImmutable(), new Edge(otherwise!.Id, [])));
                break;
            case MatchTest.Bool(var first):
                var second = blocks.Length == 2 ? blocks[1] : otherwise!;
                _b.Branch(value, first ? blocks[0] : second, first ? second : blocks[0]);
                break;
            case MatchTest.Float(var wanted):
                _b.Branch(_b.Compare(CompareOp.Equal, false, value, _b.Emit(Of(type), new Inst.FloatConst(wanted))), blocks[0], otherwise!);
                break;
            case MatchTest.String(var wanted):
                _b.Branch(_b.Runtime(RuntimeFunctions.StringEqual, value, _b.String(wanted)), blocks[0], otherwise!);
                break;
            case MatchTest.Const(var symbol): _b.Branch(EmitEquals(type, value, ConstValue(symbol)), blocks[0], otherwise!); break;
        }
    }

    private void SwitchOnVariant(DecisionTree.Switch test, ValueId value, ClosedType.Nominal type, BlockBuilder[] blocks, BlockBuilder? otherwise)
    {
        BlockBuilder BlockOf(int variant)
        {
            for (var i = 0; i < blocks.Length; i++) if (((MatchTest.Variant)test.Cases[i].Test).Symbol.Index == variant) return blocks[i];
            return otherwise!;
        }
        var rest = otherwise is null ? null : new Edge(otherwise.Id, []);
        switch (Shapes.SumOf(type))
        {
            case SumShape.Nullable(var some, _):
                _b.Branch(_b.Emit(MirType.Boolean, new Inst.IsNull(value)), BlockOf(1 - some), BlockOf(some));
                break;
            case SumShape.Boxed boxed:
                _b.End(new Terminator.SwitchVariant(value, boxed.Enum, [.. CasesOf(test, blocks).Select(c => ((int)c.Value, c.Target))], rest));
                break;
            case SumShape.Index: _b.End(new Terminator.SwitchInt(value, CasesOf(test, blocks), rest)); break;
            case SumShape.Tagged: _b.End(new Terminator.SwitchInt(_b.Emit(MirType.I8, new Inst.Extract(value, 0)), CasesOf(test, blocks), rest)); break;
        }
    }

    private static ImmutableArray<(long Value, Edge Target)> CasesOf(DecisionTree.Switch test, BlockBuilder[] blocks)
    {
        var cases = ImmutableArray.CreateBuilder<(long, Edge)>(blocks.Length);
        for (var i = 0; i < blocks.Length; i++) cases.Add((((MatchTest.Variant)test.Cases[i].Test).Symbol.Index, new Edge(blocks[i].Id, [])));
        return cases.MoveToImmutable();
    }

    /// <summary>The value of a part, taken out where it is first needed.</summary>
    private ValueId PartValue(Match match, Occurrence part)
    {
        if (match.Find(part) is { } known) return known.Value;
        var type = PartType(match, part);
        var value = part.Parent is null ? PutTogether(match, part, type) : Take(match, part.Parent, part.Step!);
        match.Set(part, value, type);
        return value;
    }

    private ClosedType PartType(Match match, Occurrence part)
    {
        if (match.Find(part) is { } known) return known.Type;
        if (part.Parent is null) return match.RootType;
        var whole = PartType(match, part.Parent);
        return part.Step switch
        {
            Step.VariantField(var variant, var index) => Shapes.VariantFieldsOf((ClosedType.Nominal)whole)[variant.Index][index],
            Step.Element(var index) => Shapes.FieldsOf(whole).Types[index],
            Step.Field(var label) => Shapes.FieldsOf(whole) is var fields ? fields.Types[fields.IndexOf(label)] : whole,
            Step.Inner => Shapes.UnwrapOnce(whole),
            _ => throw new InvalidOperationException("lowering: a part without a step"),
        };
    }

    private ValueId Take(Match match, Occurrence whole, Step step)
    {
        var type = PartType(match, whole);
        return step switch
        {
            Step.VariantField(var variant, var index) => VariantField(PartValue(match, whole), (ClosedType.Nominal)type, variant.Index, index),
            Step.Element(var index) => ProductField(PartValue(match, whole), type, index),
            Step.Field(var label) => ProductField(PartValue(match, whole), type, Shapes.FieldsOf(type).IndexOf(label)),
            Step.Inner => PartValue(match, whole),
        };
    }

    /// <summary>The scrutinee was a tuple that had not been made, but some pattern names the whole.</summary>
    private ValueId PutTogether(Match match, Occurrence root, ClosedType type)
    {
        var count = Shapes.FieldsOf(type).Types.Length;
        var elements = new ValueId[count];
        for (var i = 0; i < count; i++) elements[i] = PartValue(match, root.Part(new Step.Element(i)));
        return MakeProduct(type, elements);
    }

    private static void CountUses(DecisionTree tree, int[] uses)
    {
        switch (tree)
        {
            case DecisionTree.Leaf(var arm, _): uses[arm]++; break;
            case DecisionTree.Guarded(var arm, _, var otherwise):
                uses[arm]++;
                CountUses(otherwise, uses);
                break;
            case DecisionTree.Switch(_, var cases, var rest):
                foreach (var (_, then) in cases) CountUses(then, uses);
                if (rest is not null) CountUses(rest, uses);
                break;
            case DecisionTree.Failure: break;
        }
    }

    /// <summary>An arm that several leaves lead to.</summary>
    private sealed record SharedArm(BlockBuilder Block, ImmutableArray<LocalSymbol> Symbols);

    /// <summary>One match while it is lowered: the parts that have been taken out on the way to the current block.</summary>
    private sealed class Match(Occurrence root, ClosedType rootType)
    {
        private readonly Dictionary<Occurrence, (ValueId Value, ClosedType Type)> _values = [];
        private readonly List<Occurrence> _order = [];

        public Occurrence Root { get; } = root;
        public ClosedType RootType { get; } = rootType;
        public int[] Uses { get; set; } = [];
        public SharedArm?[] Shared { get; set; } = [];

        public (ValueId Value, ClosedType Type)? Find(Occurrence part) => _values.TryGetValue(part, out var found) ? found : null;

        public void Set(Occurrence part, ValueId value, ClosedType type)
        {
            _values.Add(part, (value, type));
            _order.Add(part);
        }

        public int Mark() => _order.Count;

        /// <summary>Parts taken out since the mark are not available in the next branch.</summary>
        public void Forget(int mark)
        {
            for (var i = mark; i < _order.Count; i++) _values.Remove(_order[i]);
            _order.RemoveRange(mark, _order.Count - mark);
        }
    }
}
