using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// A function's body as the start of a function under another name: every location says that it belongs to the original, as
/// if that had been inlined. So a panic names what the user wrote, whichever copy it happens in.
/// </summary>
internal static class Scoped
{
    public static MirFunction Of(MirFunction function)
    {
        var scope = function.Inlined.Length + 1;
        var blocks = ImmutableArray.CreateBuilder<Block>(function.Blocks.Length);
        foreach (var block in function.Blocks)
        {
            var code = ImmutableArray.CreateBuilder<Instruction>(block.Instructions.Length);
            foreach (var instruction in block.Instructions) code.Add(instruction with { Location = In(instruction.Location) });
            blocks.Add(block with { Instructions = code.MoveToImmutable(), TerminatorLocation = In(block.TerminatorLocation) });
        }
        return function with { Blocks = blocks.MoveToImmutable(), Inlined = function.Inlined.Add(new(function.Id, function.Name, function.SourcePath)) };

        Location In(Location location) => location.Scope == 0 ? location with { Scope = scope } : location;
    }
}
