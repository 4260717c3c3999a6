using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// For whole programs, after counts: finds objects that have one reference wherever a value holds them, so that VectorUnique
/// does nothing there and IsUnique is known. A loop that sets elements of a vector then has neither check nor call.
/// </summary>
/// <remarks>
/// Starts with every owned reference unique and takes back what does not hold: values that are dup'ed (or lent to something
/// that dups them), results and parameters that some return or call gives something else, and what was read from elsewhere.
/// An immediate counts as unique, since only cells are asked. Parameters of closure code and of the entry are not.
/// </remarks>
public static class Uniqueness
{
    public static MirProgram Run(MirProgram program)
    {
        if (!program.HasRoots) return program;
        var tables = new MirTables(program);
        var states = new FunctionState?[program.Signatures.Length];
        foreach (var function in program.Functions)
            states[function.Id.Index] = new FunctionState(function, tables, function.IsClosureCode || program.IsRoot(function.Id));
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var function in program.Functions) changed |= states[function.Id.Index]!.Step(states);
        }
        var functions = ImmutableArray.CreateBuilder<MirFunction>(program.Functions.Length);
        foreach (var function in program.Functions) functions.Add(states[function.Id.Index]!.Rewrite());
        return program with { Functions = functions.MoveToImmutable() };
    }

    private sealed class FunctionState
    {
        private readonly MirFunction _function;
        private readonly MirTables _tables;
        private readonly ControlFlow _flow;
        private readonly ValueOwnership _values;
        private readonly OperandList _operands = new();
        private readonly bool[] _isUnique;
        private readonly bool[] _isLeaking;      // a lent value that gets another reference here
        private bool _isResultUnique;
        private bool _changed;

        public FunctionState(MirFunction function, MirTables tables, bool isFixed)
        {
            (_function, _tables, _flow) = (function, tables, ControlFlow.Of(function));
            _values = ValueOwnership.Of(function, tables, _flow);
            (_isUnique, _isLeaking) = (new bool[function.ValueTypes.Length], new bool[function.ValueTypes.Length]);
            _isResultUnique = function.Result is MirType.Reference;
            for (var i = 0; i < _isUnique.Length; i++) _isUnique[i] = function.ValueTypes[i] is MirType.Reference && _values[new(i)] == OwnershipKind.Owned;
            if (isFixed) foreach (var (value, _) in function.Parameters) _isUnique[value.Index] = false;
        }

        public bool Step(FunctionState?[] states)
        {
            _changed = false;
            foreach (var index in _flow.Order)
            {
                var block = _function.Blocks[index];
                foreach (var instruction in block.Instructions)
                {
                    Leaks(instruction.Operation, states);
                    if (instruction.Result is { } result && _isUnique[result.Index] && !Gives(instruction.Operation, states)) Not(result);
                }
                if (block.Terminator is Terminator.Return(var returned) && _isResultUnique && !IsUnique(returned))
                {
                    _isResultUnique = false;
                    _changed = true;
                }
                var edges = new EdgeWalk(block.Terminator);
                while (edges.Next(out var edge))
                {
                    var parameters = _function.Blocks[edge.Target.Index].Parameters;
                    for (var i = 0; i < parameters.Length; i++)
                        if (_isUnique[parameters[i].Index] && !IsUnique(edge.Arguments[i])) Not(parameters[i]);
                }
            }
            return _changed;
        }

        public MirFunction Rewrite()
        {
            FunctionEditor? editor = null;
            var alias = new Dictionary<ValueId, ValueId>();
            for (var b = 0; b < _function.Blocks.Length; b++)
            {
                var code = _function.Blocks[b].Instructions;
                for (var i = code.Length - 1; i >= 0; i--)
                {
                    switch (code[i])
                    {
                        case (not null and { } result, Inst.VectorUnique(var vector, _), _) when _isUnique[vector.Index]:
                            alias[result] = vector;
                            (editor ??= new(_function)).Blocks[b].Code.RemoveAt(i);
                            break;
                        case (not null and { } result, Inst.IsUnique(var o), var location) when _isUnique[o.Index]:
                            (editor ??= new(_function)).Blocks[b].Code[i] = new(result, new Inst.Const(1), location);
                            if (editor.Blocks[b].End is Terminator.Branch(var condition, var then, _) && condition == result) editor.Blocks[b].End = new Terminator.Jump(then);
                            break;
                    }
                }
            }
            if (editor is null) return _function;
            Rename(editor, alias);
            var changed = true;
            return TidyBlocks.Run(_function, editor, _tables, ref changed);
        }

        private static void Rename(FunctionEditor editor, Dictionary<ValueId, ValueId> alias)
        {
            foreach (var block in editor.Blocks)
            {
                for (var i = 0; i < block.Code.Count; i++) block.Code[i] = block.Code[i] with { Operation = Mir.Rename.Values(block.Code[i].Operation, To) };
                block.End = Mir.Rename.Edges(Mir.Rename.Values(block.End, To), edge => edge with { Arguments = Mir.Rename.Values(edge.Arguments, To) });
                if (block.Borrows.Length > 0) block.Borrows = [.. block.Borrows.Select(b => b with { Owner = To(b.Owner) })];
            }

            ValueId To(ValueId value)
            {
                while (alias.TryGetValue(value, out var other)) value = other;
                return value;
            }
        }

        private bool IsUnique(ValueId value) => _isUnique[value.Index] || ImmediateValues.Contains(value);

        private HashSet<ValueId> ImmediateValues => field ??= Immediates();

        private HashSet<ValueId> Immediates()
        {
            var found = new HashSet<ValueId>();
            foreach (var block in _function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction is (not null and { } result, Inst.Immediate, _)) found.Add(result);
            return found;
        }

        private bool Gives(Inst inst, FunctionState?[] states)
        {
            switch (inst)
            {
                case Inst.Alloc or Inst.AllocReuse or Inst.MakeClosure or Inst.VectorNew or Inst.VectorReserve or Inst.VectorUnique: return true;
                case Inst.Cast(_, var operand): return IsUnique(operand);
                case Inst.Call(var callee, _): return states[callee.Index] is { _isResultUnique: true };
                default: return false;
            }
        }

        /// <summary>Finds what gets another reference, and tells callees what they are given.</summary>
        private void Leaks(Inst inst, FunctionState?[] states)
        {
            switch (inst)
            {
                case Inst.Dup(var value): Leak(value); break;
                case Inst.Call(var id, var arguments):
                    var callee = states[id.Index];
                    for (var i = 0; i < arguments.Length; i++)
                    {
                        if (_tables[id].Parameters[i].Ownership == Ownership.Owned) { if (!IsUnique(arguments[i])) callee?.NotParameter(i, ref _changed); }
                        else if (callee is null || callee._isLeaking[callee._function.Parameters[i].Value.Index]) Leak(arguments[i]);
                    }
                    break;
                case Inst.CallClosure(var closure, _): Leak(closure); break;
                case Inst.CallRuntime:
                    Operands.Collect(inst, _tables, _operands);
                    foreach (var operand in _operands.Span) if (operand.Use == OperandUse.Borrow) Leak(operand.Value);
                    break;
            }
        }

        /// <summary>A borrowed block parameter may be its owner itself, and a cast is; what is read from an object is another.</summary>
        private void Leak(ValueId value)
        {
            for (ValueId? at = value; at is { } one; at = IsAlias(one) ? _values.OwnerOf(one) : null)
            {
                if (!_isLeaking[one.Index]) _isLeaking[one.Index] = _changed = true;
                Not(one);
            }
        }

        private bool IsAlias(ValueId value) => _values[value] == OwnershipKind.Borrowed && OtherNames.Contains(value);

        private HashSet<ValueId> OtherNames => field ??= Aliases();

        private HashSet<ValueId> Aliases()
        {
            var found = new HashSet<ValueId>();
            foreach (var block in _function.Blocks)
            {
                foreach (var (parameter, _) in block.Borrows) found.Add(parameter);
                foreach (var instruction in block.Instructions)
                    if (instruction is (not null and { } result, Inst.Cast, _)) found.Add(result);
            }
            return found;
        }

        private void NotParameter(int index, ref bool changed)
        {
            var value = _function.Parameters[index].Value;
            if (!_isUnique[value.Index]) return;
            _isUnique[value.Index] = false;
            changed = true;
        }

        private void Not(ValueId value)
        {
            if (!_isUnique[value.Index]) return;
            _isUnique[value.Index] = false;
            _changed = true;
        }
    }
}
