using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>The functions of a program while passes add to them and replace them. Ids stay what they are.</summary>
internal sealed class FunctionTable
{
    private readonly MirProgram _program;
    private readonly List<MirSignature> _signatures;
    private readonly List<MirFunction?> _bodies;
    private readonly List<FunctionId> _order = [];

    public FunctionTable(MirProgram program)
    {
        _program = program;
        _signatures = [.. program.Signatures];
        _bodies = [.. new MirFunction?[program.Signatures.Length]];
        foreach (var function in program.Functions)
        {
            _bodies[function.Id.Index] = function;
            _order.Add(function.Id);
        }
    }

    /// <summary>In the order they came; grows while one goes over it.</summary>
    public IReadOnlyList<FunctionId> Order => _order;
    public MirFunction? BodyOf(FunctionId id) => _bodies[id.Index];
    public MirSignature SignatureOf(FunctionId id) => _signatures[id.Index];
    public void Replace(MirFunction function) => _bodies[function.Id.Index] = function;

    public FunctionId Add(Func<FunctionId, MirFunction> make)
    {
        var id = new FunctionId(_signatures.Count);
        var function = make(id);
        var parameters = ImmutableArray.CreateBuilder<(MirType, Ownership)>(function.Parameters.Length);
        foreach (var (value, ownership) in function.Parameters) parameters.Add((function.TypeOf(value), ownership));
        _signatures.Add(new(id, function.Name, function.Module, parameters.MoveToImmutable(), function.Result, function.IsClosureCode));
        _bodies.Add(function);
        _order.Add(id);
        return id;
    }

    public MirProgram Snapshot()
    {
        var functions = ImmutableArray.CreateBuilder<MirFunction>(_order.Count);
        foreach (var id in _order) if (_bodies[id.Index] is { } body) functions.Add(body);
        return _program with { Signatures = [.. _signatures], Functions = functions.ToImmutable() };
    }

    public static int SizeOf(MirFunction function)
    {
        var size = 0;
        foreach (var block in function.Blocks) size += block.Instructions.Length + 1;
        return size;
    }
}
