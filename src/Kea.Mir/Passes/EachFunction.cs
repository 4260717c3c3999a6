using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Runs a pass that looks at one function at a time over a program.</summary>
internal static class EachFunction
{
    public static MirProgram Of(MirProgram program, Func<MirFunction, MirTables, MirFunction> pass)
    {
        var tables = new MirTables(program);
        var functions = ImmutableArray.CreateBuilder<MirFunction>(program.Functions.Length);
        foreach (var function in program.Functions) functions.Add(pass(function, tables));
        return program with { Functions = functions.MoveToImmutable() };
    }
}
