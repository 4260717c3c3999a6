using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// For whole programs: parameters that a function only looks at become borrowed, so that callers keep what they have and no
/// count moves; so do the parameters of its loops that only walk through such a parameter. Functions that closures or the
/// outside call keep their convention.
/// </summary>
/// <remarks>
/// Starts with everything borrowed and takes back what does not hold, until nothing changes. After S. Ullrich, L. de Moura,
/// "Counting immutable beans", IFL 2019, with a difference: reading a part makes the whole owned only where something of the
/// whole's size is allocated afterwards, for only then is there a cell to reuse.
/// A loop may also walk through a value that the function owns, if that is needed otherwise too.
/// A tail call within a recursive group keeps its arguments owned, since a drop after the call would end its being one.
/// </remarks>
public static class InferBorrow
{
    public static MirProgram Run(MirProgram program)
    {
        var tables = new MirTables(program);
        var states = new FunctionState?[program.Signatures.Length];
        foreach (var function in program.Functions)
            states[function.Id.Index] = new FunctionState(function, tables, isFixed: function.IsClosureCode || program.IsRoot(function.Id));
        var groups = CallGroups.Of(program);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var function in program.Functions) changed |= states[function.Id.Index]!.Step(states, groups);
        }
        var functions = ImmutableArray.CreateBuilder<MirFunction>(program.Functions.Length);
        var signatures = program.Signatures.ToBuilder();
        foreach (var function in program.Functions)
        {
            var inferred = states[function.Id.Index]!.Result();
            functions.Add(inferred);
            var signature = signatures[function.Id.Index];
            var parameters = ImmutableArray.CreateBuilder<(MirType, Ownership)>(inferred.Parameters.Length);
            foreach (var (value, ownership) in inferred.Parameters) parameters.Add((inferred.TypeOf(value), ownership));
            signatures[function.Id.Index] = signature with { Parameters = parameters.MoveToImmutable() };
        }
        return program with { Functions = functions.MoveToImmutable(), Signatures = signatures.ToImmutable() };
    }

    /// <summary>What is known so far of one function: which of its parameters and its blocks' parameters must be owned.</summary>
    private sealed class FunctionState
    {
        private const int Unknown = -1, None = -2;

        private readonly MirFunction _function;
        private readonly MirTables _tables;
        private readonly ControlFlow _flow;
        private readonly OperandList _operands = new();
        private readonly int[] _parents;        // what a value was read or cast from; -1
        private readonly bool[] _isRead;        // by Project, Extract or VectorGet, not by a cast
        private readonly bool[] _isVariable;    // a counted parameter
        private readonly bool[] _isParameter;   // of the function
        private readonly bool[] _isOwned;       // of variables: found to be owned
        private readonly bool[] _isConstant;
        private readonly int[] _roots;          // of block parameters: the one parameter they walk through
        private readonly int[] _homes;          // block of the definition
        private readonly int[] _uses;           // how often a value is an operand or argument
        private readonly List<(int Block, int Place, int Size)> _allocations = [];
        private readonly List<ValueId> _reusable = [];
        private bool _changed;

        public FunctionState(MirFunction function, MirTables tables, bool isFixed)
        {
            (_function, _tables, _flow) = (function, tables, ControlFlow.Of(function));
            var count = function.ValueTypes.Length;
            (_parents, _roots, _uses, _homes) = (new int[count], new int[count], new int[count], new int[count]);
            (_isRead, _isVariable, _isParameter, _isOwned, _isConstant) = (new bool[count], new bool[count], new bool[count], new bool[count], new bool[count]);
            Array.Fill(_parents, -1);
            foreach (var (value, ownership) in function.Parameters)
            {
                if (!tables.IsCounted(function.TypeOf(value))) continue;
                _isVariable[value.Index] = _isParameter[value.Index] = true;
                _isOwned[value.Index] = isFixed && ownership == Ownership.Owned;
            }
            foreach (var block in _flow.Order) Define(function.Blocks[block]);
            foreach (var block in _flow.Order) FindReusable(function.Blocks[block]);
        }

        public bool IsOwned(int parameter) => !_isVariable[_function.Parameters[parameter].Value.Index] || _isOwned[_function.Parameters[parameter].Value.Index];

        public bool Step(FunctionState?[] states, int[] groups)
        {
            _changed = false;
            foreach (var value in _reusable) Own(value);
            foreach (var index in _flow.Order)
            {
                var block = _function.Blocks[index];
                for (var i = 0; i < block.Instructions.Length; i++)
                {
                    var inst = block.Instructions[i].Operation;
                    if (inst is Inst.Call(var callee, var arguments) && states[callee.Index] is { } other) Call(other, callee, arguments, states, groups, IsTail(block, i));
                    else if (inst is not Inst.Cast)
                    {
                        Operands.Collect(inst, _tables, _operands);
                        foreach (var operand in _operands.Span) if (operand.Use == OperandUse.Consume) Own(operand.Value);
                    }
                    if (UseSummary.Mutated(inst) is { } mutated) Own(mutated);
                }
                Operands.Collect(block.Terminator, _operands);
                foreach (var operand in _operands.Span) if (operand.Use == OperandUse.Consume) Own(operand.Value);
            }
            Edges();
            return _changed;
        }

        public MirFunction Result()
        {
            var parameters = ImmutableArray.CreateBuilder<MirParameter>(_function.Parameters.Length);
            foreach (var parameter in _function.Parameters)
                parameters.Add(_isVariable[parameter.Value.Index] && !_isOwned[parameter.Value.Index] ? new(parameter.Value, Ownership.Borrowed) : parameter);
            var blocks = ImmutableArray.CreateBuilder<Block>(_function.Blocks.Length);
            foreach (var block in _function.Blocks)
            {
                var borrows = block.Borrows;
                if (_flow.IsReachable(block.Id.Index))
                    foreach (var parameter in block.Parameters)
                        if (_isVariable[parameter.Index] && !_isOwned[parameter.Index]) borrows = borrows.Add(new(parameter, new(_roots[parameter.Index])));
                blocks.Add(block with { Borrows = borrows });
            }
            return _function with { Parameters = parameters.MoveToImmutable(), Blocks = blocks.MoveToImmutable() };
        }

        private void Define(Block block)
        {
            foreach (var parameter in block.Parameters)
            {
                _isVariable[parameter.Index] = _tables.IsCounted(_function.TypeOf(parameter));
                _homes[parameter.Index] = block.Id.Index;
            }
            for (var i = 0; i < block.Instructions.Length; i++)
            {
                var instruction = block.Instructions[i];
                if (instruction.Operation is Inst.Alloc(var layout, _) && _tables.SizeOf(layout) is { } size) _allocations.Add((block.Id.Index, i, size));
                CountUses(instruction.Operation);
                if (instruction.Result is { } defined) _homes[defined.Index] = block.Id.Index;
                if (instruction.Result is not { } result || !_tables.IsCounted(_function.TypeOf(result))) continue;
                switch (instruction.Operation)
                {
                    case Inst.Project(var from, _, _): (_parents[result.Index], _isRead[result.Index]) = (from.Index, true); break;
                    case Inst.Extract(var from, _): (_parents[result.Index], _isRead[result.Index]) = (from.Index, true); break;
                    case Inst.VectorGet(var from, _, _): (_parents[result.Index], _isRead[result.Index]) = (from.Index, true); break;
                    case Inst.Cast(_, var from): _parents[result.Index] = from.Index; break;
                    case Inst.StringConst or Inst.Null or Inst.Immediate or Inst.FunctionRef: _isConstant[result.Index] = true; break;
                }
            }
        }

        private void CountUses(Inst inst)
        {
            Operands.Collect(inst, _tables, _operands);
            foreach (var operand in _operands.Span) _uses[operand.Value.Index]++;
        }

        /// <summary>Objects that are read before something of their size is made: their cells are wanted.</summary>
        private void FindReusable(Block block)
        {
            if (_allocations.Count > 0)
                for (var i = 0; i < block.Instructions.Length; i++)
                    if (block.Instructions[i].Operation is Inst.Project(var o, var layout, _) && _tables.SizeOf(layout) is { } size && IsMadeAfter(block.Id.Index, i, size)) _reusable.Add(o);
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
                foreach (var argument in edge.Arguments) _uses[argument.Index]++;
            Operands.Collect(block.Terminator, _operands);
            foreach (var operand in _operands.Span) _uses[operand.Value.Index]++;
        }

        private bool IsMadeAfter(int block, int place, int size)
        {
            foreach (var (where, at, made) in _allocations)
                if (made == size && (where == block ? at > place : _flow.Dominates(block, where))) return true;
            return false;
        }

        private void Call(FunctionState callee, FunctionId id, ImmutableArray<ValueId> arguments, FunctionState?[] states, int[] groups, bool isTail)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                if (callee.IsOwned(i)) Own(arguments[i]);
                else if (isTail && groups[id.Index] == groups[_function.Id.Index] && IsOwnedHere(arguments[i]) && !_isConstant[arguments[i].Index]) callee.OwnParameter(i);
            }
        }

        private bool IsOwnedHere(ValueId value)
        {
            var root = Root(value);
            return root < 0 || !_isVariable[root] || _isOwned[root];
        }

        private void OwnParameter(int index) => Own(_function.Parameters[index].Value);

        /// <summary>The call's result is returned by the block's end, if only through a jump.</summary>
        private bool IsTail(Block block, int place)
        {
            if (place != block.Instructions.Length - 1 || block.Instructions[place].Result is not { } result) return false;
            if (block.Terminator is Terminator.Return(var returned)) return returned == result;
            if (block.Terminator is not Terminator.Jump(var edge)) return false;
            var target = _function.Blocks[edge.Target.Index];
            return target.Instructions.Length == 0 && target.Terminator is Terminator.Return(var last) && target.Parameters.IndexOf(last) is >= 0 and var at && edge.Arguments[at] == result;
        }

        /// <summary>Something takes the value over.</summary>
        private void Own(ValueId value)
        {
            var at = value.Index;
            while (true)
            {
                if (_isVariable[at])
                {
                    if (!_isOwned[at]) _isOwned[at] = _changed = true;
                    return;
                }
                if (_parents[at] < 0) return;
                if (_isRead[at]) return;
                at = _parents[at];
            }
        }

        /// <summary>Arguments of owned block parameters are consumed; a borrowed one walks through one parameter of the function.</summary>
        private void Edges()
        {
            Array.Fill(_roots, Unknown);
            for (var changed = true; changed;)
            {
                changed = false;
                foreach (var index in _flow.Order)
                {
                    var edges = new EdgeWalk(_function.Blocks[index].Terminator);
                    while (edges.Next(out var edge))
                    {
                        var parameters = _function.Blocks[edge.Target.Index].Parameters;
                        for (var i = 0; i < parameters.Length; i++)
                        {
                            var parameter = parameters[i].Index;
                            if (!_isVariable[parameter] || _isConstant[edge.Arguments[i].Index]) continue;
                            var met = Meet(_roots[parameter], Root(edge.Arguments[i]));
                            if (met == _roots[parameter]) continue;
                            _roots[parameter] = met;
                            changed = true;
                        }
                    }
                }
            }
            foreach (var index in _flow.Order)
            {
                foreach (var parameter in _function.Blocks[index].Parameters)
                    if (_isVariable[parameter.Index] && (_roots[parameter.Index] < 0 || !IsThereBefore(_roots[parameter.Index], index))) Own(parameter);
                var edges = new EdgeWalk(_function.Blocks[index].Terminator);
                while (edges.Next(out var edge))
                {
                    var parameters = _function.Blocks[edge.Target.Index].Parameters;
                    for (var i = 0; i < parameters.Length; i++)
                        if (_isVariable[parameters[i].Index] && _isOwned[parameters[i].Index]) Own(edge.Arguments[i]);
                }
            }
        }

        private bool IsThereBefore(int value, int block) => _isParameter[value] || (_homes[value] != block && _flow.Dominates(_homes[value], block));

        /// <summary>What a block parameter may be borrowed from: the borrowed parameter, or the owned value with other uses, that a value was read from.</summary>
        private int Root(ValueId value)
        {
            var at = value.Index;
            while (_parents[at] >= 0) at = _parents[at];
            if (_isVariable[at] && !_isOwned[at]) return _isParameter[at] ? at : _roots[at];
            return _uses[at] > 1 ? at : None;
        }

        private static int Meet(int left, int right) => left == Unknown || left == right ? right : right == Unknown ? left : None;
    }
}
