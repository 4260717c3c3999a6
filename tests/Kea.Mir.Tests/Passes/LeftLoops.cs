using System.Collections.Immutable;

namespace Kea.Mir.Tests;

/// <summary>A program in which every loop asks for the rest of its function and finds it, as if that had been optimised already.</summary>
internal static class LeftLoops
{
    public static MirProgram Run(MirProgram program)
    {
        var tables = new MirTables(program);
        var asking = LoopRests.Ask(program);
        var functions = asking.Functions.ToBuilder();
        for (var i = 0; i < program.Functions.Length; i++)
        {
            var (body, declared) = (program.Functions[i], asking.Functions[i].Rests);
            var rests = LoopRests.Of(body, tables);
            for (var loop = 0; loop < declared.Length; loop++)
                functions.Add(LoopRests.Rest(body, tables, rests[loop], declared[loop].Id, declared[loop].Name));
        }
        return asking with { Functions = functions.ToImmutable() };
    }
}
