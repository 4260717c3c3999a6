using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

/// <summary>Where code comes from when it is first called: one version of a program, lowered as far as it has been needed.</summary>
public interface ICodeSource
{
    /// <summary>The tables and signatures that ids refer to. Bodies are asked for by <see cref="Unit"/>.</summary>
    MirProgram Program { get; }

    /// <summary>All functions of a module that the program can reach; they are compiled as one unit.</summary>
    ImmutableArray<MirFunction> Unit(string module);

    /// <summary>A function as lowered, before any pass, to be optimised with others; null where functions stay in their first tier.</summary>
    MirFunction? Lowered(FunctionId function) => null;

    /// <summary>Ids of the earlier version mean the same here: both were lowered in one session.</summary>
    bool Continues(ICodeSource earlier) => false;
}

/// <summary>A program that has been lowered as a whole.</summary>
public sealed class ProgramSource : ICodeSource
{
    private readonly Dictionary<string, ImmutableArray<MirFunction>> _units = new(StringComparer.Ordinal);

    private readonly MirFunction?[] _lowered;
    private readonly object? _session;

    /// <param name="lowered">The same program before any pass, if its functions may be optimised.</param>
    /// <param name="session">What all versions share whose ids mean the same.</param>
    public ProgramSource(MirProgram program, MirProgram? lowered = null, object? session = null)
    {
        _session = session;
        _lowered = new MirFunction?[lowered?.Signatures.Length ?? 0];
        foreach (var function in lowered?.Functions ?? []) _lowered[function.Id.Index] = function;
        Program = program;
        var modules = new Dictionary<string, ImmutableArray<MirFunction>.Builder>(StringComparer.Ordinal);
        foreach (var function in program.Functions)
        {
            if (!modules.TryGetValue(function.Module, out var list)) modules.Add(function.Module, list = ImmutableArray.CreateBuilder<MirFunction>());
            list.Add(function);
        }
        foreach (var (module, list) in modules) _units.Add(module, list.DrainToImmutable());
    }

    public MirProgram Program { get; }
    public ImmutableArray<MirFunction> Unit(string module) => _units.GetValueOrDefault(module, []);
    public bool Continues(ICodeSource earlier) => _session is not null && earlier is ProgramSource other && other._session == _session;
    public MirFunction? Lowered(FunctionId function) => function.Index < _lowered.Length ? _lowered[function.Index] : null;
}
