using System.Collections.Immutable;

namespace Kea.Mir.Tests;

/// <summary>
/// Makes well-typed programs before counts: lists, trees, structs, options, vectors and closures are built, matched, passed
/// on, kept and thrown away in every mixture, with branches, loops, recursion over lists and panics.
/// </summary>
internal sealed class RandomMir
{
    public enum Kind { Int, List, Tree, Pair, Option, Vector, Function }

    private static readonly MirType _boxed = new MirType.Reference(true, false);
    private static readonly LayoutId _cons = new(1), _node = new(2), _pair = new(3), _vector = new(4), _closure = new(5);
    private static readonly RuntimeFunction _trace = new("kea_trace", true, [(MirType.I64, Ownership.Owned)], MirType.Nothing, false, false);
    private static readonly RuntimeFunction _panic = new("kea_test_panic", true, [(_boxed, Ownership.Owned)], MirType.Nothing, true, false);
    private static readonly EnumId _list = new(0), _tree = new(1);

    private readonly Random _random;
    private readonly List<MirSignature> _signatures = [];
    private readonly List<(ImmutableArray<Kind> Parameters, Kind Result)> _shapes = [];

    private RandomMir(int seed) => _random = new Random(seed);

    public static MirProgram Program(int seed) => new RandomMir(seed).Program();

    private MirProgram Program()
    {
        var count = _random.Next(2, 5);
        for (var i = 0; i < count; i++)
        {
            var kinds = ImmutableArray.CreateBuilder<Kind>();
            var types = ImmutableArray.CreateBuilder<(MirType, Ownership)>();
            var isLast = i == count - 1;
            for (var p = isLast ? 2 : _random.Next(1, 4); p > 0; p--)
            {
                var kind = isLast ? Kind.Int : AnyKind();
                kinds.Add(kind);
                types.Add((TypeOf(kind), !isLast && kind != Kind.Int && _random.Next(3) == 0 ? Ownership.Borrowed : Ownership.Owned));
            }
            var result = AnyKind();
            _shapes.Add((kinds.ToImmutable(), result));
            _signatures.Add(new(new(i), $"f{i}", "M", types.ToImmutable(), TypeOf(result), false));
        }
        // Code of a closure: (self, int) -> list, with a captured list and number.
        _signatures.Add(new(new(count), "lambda", "M", [(MirType.Ref, Ownership.Borrowed), (MirType.I64, Ownership.Owned)], _boxed, true));
        var functions = ImmutableArray.CreateBuilder<MirFunction>();
        for (var i = 0; i < count; i++) functions.Add(new Body(this, i, count).Make(_signatures[i], _shapes[i]));
        functions.Add(Lambda(_signatures[count]));
        return new(Layouts(), [new(new(0), "Option(List)", [MirType.I8, _boxed])],
            [new(_list, "List", [null, _cons]), new(_tree, "Tree", [null, _node])], [.. _signatures], functions.ToImmutable(), null);
    }

    public static ImmutableArray<Layout> Layouts() =>
    [
        new(new(0), "String", LayoutKind.String, 0, []),
        new(_cons, "Cons", LayoutKind.Fields, 1, [MirType.I64, _boxed]),
        new(_node, "Node", LayoutKind.Fields, 1, [_boxed, MirType.I64, _boxed]),
        new(_pair, "Pair", LayoutKind.Fields, 0, [MirType.I64, _boxed]),
        new(_vector, "Vector", LayoutKind.Vector, 0, [_boxed]),
        new(_closure, "lambda", LayoutKind.Closure, 0, [_boxed, MirType.I64]),
    ];

    private Kind AnyKind() => (Kind)_random.Next(7);

    private static MirType TypeOf(Kind kind) => kind switch
    {
        Kind.Int => MirType.I64,
        Kind.List => _boxed,
        Kind.Tree => _boxed,
        Kind.Pair => MirType.Ref,
        Kind.Option => new MirType.Aggregate(new(0)),
        Kind.Vector => MirType.Ref,
        Kind.Function => MirType.Ref,
    };

    private static MirFunction Lambda(MirSignature signature)
    {
        ValueId Value(int index) => new(index);
        return new(signature.Id, signature.Name, signature.Module, "m.kea", default, [new(Value(0), Ownership.Borrowed), new(Value(1), Ownership.Owned)], signature.Result, true,
        [
            new(new(0), [],
            [
                new(Value(2), new Inst.Project(Value(0), _closure, 0), default),
                new(Value(3), new Inst.Project(Value(0), _closure, 1), default),
                new(Value(4), new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, Value(1), Value(3)), default),
                new(Value(5), new Inst.Alloc(_cons, [Value(4), Value(2)]), default),
            ], new Terminator.Return(Value(5)), default),
        ], [MirType.Ref, MirType.I64, _boxed, MirType.I64, MirType.I64, _boxed]);
    }

    private sealed class Body(RandomMir owner, int index, int lambda)
    {
        private readonly Random _random = owner._random;
        private readonly List<MirType> _types = [];
        private readonly List<(List<ValueId> Parameters, List<Instruction> Code, Terminator? End)> _blocks = [];
        private readonly List<(Kind Kind, ValueId Value)> _known = [];
        private int _current;
        private int _budget = 24;
        private ValueId? _tail;   // of the first parameter, where recursion on it ends

        public MirFunction Make(MirSignature signature, (ImmutableArray<Kind> Parameters, Kind Result) shape)
        {
            var parameters = ImmutableArray.CreateBuilder<MirParameter>();
            for (var i = 0; i < shape.Parameters.Length; i++)
            {
                var value = New(signature.Parameters[i].Type);
                parameters.Add(new(value, signature.Parameters[i].Ownership));
                _known.Add((shape.Parameters[i], value));
            }
            Block();
            var result = shape.Parameters[0] == Kind.List && _random.Next(2) == 0 ? OverList(parameters[0].Value, shape.Result) : Produce(shape.Result, 0);
            End(new Terminator.Return(result));
            var blocks = ImmutableArray.CreateBuilder<Block>();
            for (var i = 0; i < _blocks.Count; i++) blocks.Add(new(new(i), [.. _blocks[i].Parameters], [.. _blocks[i].Code], _blocks[i].End!, default));
            return new(signature.Id, signature.Name, signature.Module, "m.kea", default, parameters.ToImmutable(), signature.Result, false, blocks.ToImmutable(), [.. _types]);
        }

        private ValueId Produce(Kind kind, int depth)
        {
            for (var i = _random.Next(5); i > 0; i--) Statement(depth);
            if (depth < 3 && _budget > 0 && _random.Next(3) == 0) return Branching(kind, depth);
            return Of(kind, depth);
        }

        private void Statement(int depth)
        {
            if (--_budget < 0) return;
            switch (_random.Next(11))
            {
                case 0: Emit(new Inst.CallRuntime(_trace, [Known(Kind.Int)]), null); break;
                case 1: Remember(Kind.Int, Arithmetic()); break;
                case 2 when _random.Next(8) == 0: Emit(new Inst.CallRuntime(_panic, [Known(Kind.List)]), null); break;
                case 3: Remember(Kind.List, Closure()); break;
                case 4 or 5 or 10: { var kind = owner.AnyKind(); Remember(kind, Fresh(kind)); break; }
                case 6: { var pair = Known(Kind.Pair); Remember(Kind.List, Emit(new Inst.Project(pair, _pair, 1), _boxed)); Remember(Kind.Int, Emit(new Inst.Project(pair, _pair, 0), MirType.I64)); break; }
                case 7: Remember(Kind.Vector, Changed(Known(Kind.Vector))); break;
                case 8 when depth < 3: { var kind = owner.AnyKind(); Remember(kind, Branching(kind, depth)); break; }
                case 9 when depth < 2: { var kind = owner.AnyKind(); Remember(kind, Loop(kind, depth)); break; }
                default: Remember(Kind.Int, Emit(new Inst.Length(Known(Kind.Vector), LayoutKind.Vector), MirType.I64)); break;
            }
        }

        private ValueId Of(Kind kind, int depth) => _random.Next(3) == 0 ? Fresh(kind) : depth < 2 && _random.Next(4) == 0 ? Call(kind) ?? Known(kind) : Known(kind);

        private ValueId Arithmetic()
        {
            var op = _random.Next(6) switch { 0 => ArithmeticOp.Add, 1 => ArithmeticOp.Divide, 2 => ArithmeticOp.WrappingMultiply, 3 => ArithmeticOp.Xor, 4 => ArithmeticOp.Subtract, _ => ArithmeticOp.WrappingAdd };
            return Emit(new Inst.Arithmetic(op, true, Known(Kind.Int), Known(Kind.Int)), MirType.I64);
        }

        private ValueId Fresh(Kind kind)
        {
            switch (kind)
            {
                case Kind.Int: return Emit(new Inst.Const(_random.Next(-3, 6)), MirType.I64);
                case Kind.List: return _random.Next(3) == 0 ? Emit(new Inst.Immediate(0), _boxed) : Emit(new Inst.Alloc(_cons, [Known(Kind.Int), Known(Kind.List)]), _boxed);
                case Kind.Tree: return _random.Next(3) == 0 ? Emit(new Inst.Immediate(0), _boxed) : Emit(new Inst.Alloc(_node, [Known(Kind.Tree), Known(Kind.Int), Known(Kind.Tree)]), _boxed);
                case Kind.Pair: return Emit(new Inst.Alloc(_pair, [Known(Kind.Int), Known(Kind.List)]), MirType.Ref);
                case Kind.Option:
                    var some = _random.Next(3) > 0;
                    var tag = Emit(new Inst.Const(some ? 1 : 0), MirType.I8);
                    var payload = some ? Known(Kind.List) : Emit(new Inst.Null(), new MirType.Reference(true, true));
                    return Emit(new Inst.MakeAggregate(new(0), [tag, payload]), TypeOf(Kind.Option));
                case Kind.Vector: return Emit(new Inst.VectorNew(_vector, Emit(new Inst.Const(_random.Next(3)), MirType.I64)), MirType.Ref);
            }
            return Emit(new Inst.MakeClosure(new(lambda), _closure, [Known(Kind.List), Known(Kind.Int)]), MirType.Ref);
        }

        private ValueId Closure()
        {
            var closure = Known(Kind.Function);
            var first = Emit(new Inst.CallClosure(closure, [Known(Kind.Int)]), _boxed);
            return _random.Next(2) == 0 ? first : Emit(new Inst.CallClosure(closure, [Known(Kind.Int)]), _boxed);
        }

        /// <summary>Push, set, pop or swap, behind the test of bounds that each needs.</summary>
        private ValueId Changed(ValueId vector)
        {
            var length = Emit(new Inst.Length(vector, LayoutKind.Vector), MirType.I64);
            var one = Emit(new Inst.Const(1), MirType.I64);
            if (_random.Next(2) == 0)
            {
                var more = Emit(new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, length, one), MirType.I64);
                var element = Known(Kind.List);
                var grown = Emit(new Inst.VectorReserve(vector, _vector, more), MirType.Ref);
                Emit(new Inst.VectorStore(grown, _vector, length, element), null);
                Emit(new Inst.VectorSetLength(grown, more), null);
                return grown;
            }
            var zero = Emit(new Inst.Const(0), MirType.I64);
            var last = Emit(new Inst.Arithmetic(ArithmeticOp.WrappingSubtract, true, length, one), MirType.I64);
            var isEmpty = Emit(new Inst.Compare(CompareOp.Equal, true, length, zero), MirType.Boolean);
            var action = _random.Next(4);
            return Join(MirType.Ref, isEmpty, () => vector, () =>
            {
                if (action == 0)
                {
                    var element = Emit(new Inst.VectorGet(vector, _vector, last), _boxed);
                    var longer = Emit(new Inst.Alloc(_cons, [length, element]), _boxed);
                    var target = Emit(new Inst.VectorUnique(vector, _vector), MirType.Ref);
                    Emit(new Inst.VectorTake(target, _vector, zero), _boxed);
                    Emit(new Inst.VectorStore(target, _vector, zero, longer), null);
                    return target;
                }
                var own = Emit(new Inst.VectorUnique(vector, _vector), MirType.Ref);
                var taken = Emit(new Inst.VectorTake(own, _vector, last), _boxed);
                if (action == 1)
                {
                    Emit(new Inst.VectorSetLength(own, last), null);
                    Emit(new Inst.Alloc(_pair, [last, taken]), MirType.Ref);
                    return own;
                }
                var again = Emit(new Inst.Alloc(_cons, [last, taken]), _boxed);
                Emit(new Inst.VectorStore(own, _vector, last, again), null);
                return own;
            });
        }

        private ValueId Branching(Kind kind, int depth)
        {
            var type = TypeOf(kind);
            switch (_random.Next(4))
            {
                case 0:
                    var condition = Emit(new Inst.Compare(CompareOp.Less, true, Known(Kind.Int), Known(Kind.Int)), MirType.Boolean);
                    return Join(type, condition, () => Produce(kind, depth + 1), () => Produce(kind, depth + 1));
                case 1:
                    var option = Known(Kind.Option);
                    var tag = Emit(new Inst.Extract(option, 0), MirType.I8);
                    var isNone = Emit(new Inst.Compare(CompareOp.Equal, true, tag, Emit(new Inst.Const(0), MirType.I8)), MirType.Boolean);
                    return Join(type, isNone, () => Produce(kind, depth + 1), () =>
                    {
                        Remember(Kind.List, Emit(new Inst.Extract(option, 1), _boxed));
                        return Produce(kind, depth + 1);
                    });
                case 2: return Match(Known(Kind.List), _list, type, () => Produce(kind, depth + 1), list => InCons(list, kind, depth, null));
                default:
                    return Match(Known(Kind.Tree), _tree, type, () => Produce(kind, depth + 1), tree =>
                    {
                        Remember(Kind.Tree, Emit(new Inst.Project(tree, _node, 0), _boxed));
                        Remember(Kind.Int, Emit(new Inst.Project(tree, _node, 1), MirType.I64));
                        if (_random.Next(2) == 0) Remember(Kind.Tree, Emit(new Inst.Project(tree, _node, 2), _boxed));
                        return Produce(kind, depth + 1);
                    });
            }
        }

        private ValueId OverList(ValueId list, Kind kind) =>
            Match(list, _list, TypeOf(kind), () => Produce(kind, 1), cons => InCons(cons, kind, 1, list));

        private ValueId InCons(ValueId list, Kind kind, int depth, ValueId? recursesOn)
        {
            Remember(Kind.Int, Emit(new Inst.Project(list, _cons, 0), MirType.I64));
            var rest = Emit(new Inst.Project(list, _cons, 1), _boxed);
            Remember(Kind.List, rest);
            if (recursesOn is null) return Produce(kind, depth + 1);
            _tail = rest;
            var result = Produce(kind, depth + 1);
            if (_random.Next(3) > 0)
            {
                var again = Recur(rest);
                if (owner._shapes[index].Result == Kind.List) result = kind == Kind.List ? Emit(new Inst.Alloc(_cons, [Known(Kind.Int), again]), _boxed) : result;
            }
            _tail = null;
            return result;
        }

        private ValueId Recur(ValueId rest)
        {
            var shape = owner._shapes[index];
            var arguments = ImmutableArray.CreateBuilder<ValueId>();
            arguments.Add(rest);
            for (var i = 1; i < shape.Parameters.Length; i++) arguments.Add(Known(shape.Parameters[i]));
            return Emit(new Inst.Call(new(index), arguments.ToImmutable()), TypeOf(shape.Result))!;
        }

        private ValueId? Call(Kind kind)
        {
            for (var callee = index - 1; callee >= 0; callee--)
            {
                if (owner._shapes[callee].Result != kind || _random.Next(2) == 0) continue;
                var arguments = ImmutableArray.CreateBuilder<ValueId>();
                foreach (var parameter in owner._shapes[callee].Parameters) arguments.Add(Known(parameter));
                return Emit(new Inst.Call(new(callee), arguments.ToImmutable()), TypeOf(kind));
            }
            return null;
        }

        private ValueId Loop(Kind kind, int depth)
        {
            var (start, step) = (Emit(new Inst.Const(0), MirType.I64), Emit(new Inst.Const(1), MirType.I64));
            var end = Emit(new Inst.Const(_random.Next(4)), MirType.I64);
            var first = Known(kind);
            var known = _known.Count;
            var (counter, state) = (New(MirType.I64), New(TypeOf(kind)));
            var from = _current;
            var head = Block(counter, state);
            _blocks[from] = _blocks[from] with { End = new Terminator.Jump(new(new(head), [start, first])) };
            Remember(Kind.Int, counter);
            Remember(kind, state);
            var goesOn = Emit(new Inst.Compare(CompareOp.Less, true, counter, end), MirType.Boolean);
            var body = Block();
            var next = Produce(kind, depth + 1);
            var following = Emit(new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, counter, step), MirType.I64);
            End(new Terminator.Jump(new(new(head), [following, next])));
            _known.RemoveRange(known, _known.Count - known);
            var after = Block();
            _blocks[head] = _blocks[head] with { End = new Terminator.Branch(goesOn, new(new(body), []), new(new(after), [])) };
            return state;
        }

        private ValueId Match(ValueId value, EnumId id, MirType type, Func<ValueId> empty, Func<ValueId, ValueId> full) =>
            Join(type, (left, right) => new Terminator.SwitchVariant(value, id, [(0, left), (1, right)], null), empty, () => full(value));

        private ValueId Join(MirType type, ValueId condition, Func<ValueId> then, Func<ValueId> otherwise) =>
            Join(type, (left, right) => new Terminator.Branch(condition, left, right), then, otherwise);

        private ValueId Join(MirType type, Func<Edge, Edge, Terminator> split, Func<ValueId> then, Func<ValueId> otherwise)
        {
            var from = _current;
            var known = _known.Count;
            var (left, leftEnd, leftResult) = Arm(then, known);
            var (right, rightEnd, rightResult) = Arm(otherwise, known);
            var result = New(type);
            var join = Block(result);
            _blocks[from] = _blocks[from] with { End = split(new(new(left), []), new(new(right), [])) };
            _blocks[leftEnd] = _blocks[leftEnd] with { End = new Terminator.Jump(new(new(join), [leftResult])) };
            _blocks[rightEnd] = _blocks[rightEnd] with { End = new Terminator.Jump(new(new(join), [rightResult])) };
            return result;
        }

        private (int Start, int End, ValueId Result) Arm(Func<ValueId> make, int known)
        {
            var start = Block();
            var result = make();
            _known.RemoveRange(known, _known.Count - known);
            return (start, _current, result);
        }

        private ValueId Known(Kind kind)
        {
            var fitting = _known.Where(k => k.Kind == kind).Select(k => k.Value).ToList();
            if (kind == Kind.List && _tail is { } tail && _random.Next(2) == 0) return tail;
            if (fitting.Count > 0) return fitting[_random.Next(3) == 0 ? fitting.Count - 1 : _random.Next(fitting.Count)];
            var made = kind switch
            {
                Kind.List or Kind.Tree => Emit(new Inst.Immediate(0), _boxed),
                Kind.Int => Emit(new Inst.Const(_random.Next(5)), MirType.I64),
                _ => Fresh(kind),
            };
            Remember(kind, made);
            return made;
        }

        private void Remember(Kind kind, ValueId value) => _known.Add((kind, value));

        private ValueId Emit(Inst inst, MirType? type)
        {
            var result = type is null ? (ValueId?)null : New(type);
            _blocks[_current].Code.Add(new(result, inst, new(_random.Next(3), 1)));
            return result ?? default;
        }

        private ValueId New(MirType type)
        {
            _types.Add(type);
            return new(_types.Count - 1);
        }

        private int Block(params ReadOnlySpan<ValueId> parameters)
        {
            _blocks.Add(([.. parameters], [], null));
            return _current = _blocks.Count - 1;
        }

        private void End(Terminator terminator) => _blocks[_current] = _blocks[_current] with { End = terminator };
    }
}
