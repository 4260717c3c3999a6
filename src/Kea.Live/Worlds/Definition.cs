using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

/// <summary>One version of one function: not compiled yet, behind a stub, or code.</summary>
internal sealed class Definition(ICodeSource source, FunctionId function, int slot)
{
    public ICodeSource Source { get; } = source;
    public FunctionId Function { get; } = function;
    public int Slot { get; } = slot;

    /// <summary>Worlds in which the slot means this.</summary>
    public int Worlds { get; set; }

    public LoadedUnit? Unit { get; set; }
    /// <summary>The slot that quick code goes on through when it is called directly; -1 when it is not.</summary>
    public int Forward { get; set; } = -1;

    /// <summary>The slots for the rest of the function, by loop.</summary>
    public ImmutableArray<int> Rests { get; set; } = [];

    /// <summary>The functions that it calls by name, once somebody has asked for them.</summary>
    public HashSet<FunctionId>? Callees { get; set; }

    public LazyStub? Stub { get; set; }

    /// <summary>The function's code, or zero.</summary>
    public nint Address { get; set; }

    /// <summary>What a world's entry holds.</summary>
    public nint Code => Address != 0 ? Address : Stub!.Address;
}

/// <summary>What the code of a unit names, and so needs wherever it runs.</summary>
/// <param name="Source">What the functions are looked up in.</param>
/// <param name="Slots">Held for the unit, each once: those that it calls, fills or counts by.</param>
/// <param name="Calls">The slots that must mean something in each world in which the code runs.</param>
/// <param name="Immortals">Held for the unit, each once.</param>
internal sealed record UnitNames(ICodeSource Source, int[] Slots, (int Slot, FunctionId Function)[] Calls, Immortal[] Immortals)
{
    /// <summary>Its code makes values that lead to code: closures of its own functions, or late-bound ones.</summary>
    public bool MakesFunctionValues { get; init; }
}

/// <summary>A unit of quickly compiled code, with the definitions that it made.</summary>
/// <param name="isPinned">Closure objects may hold its code, in whatever world: it has closure code.</param>
internal sealed class LoadedUnit(CodeUnit code, UnitNames names, bool isPinned)
{
    public CodeUnit Code { get; } = code;
    public UnitNames Names { get; } = names;
    public bool IsPinned { get; } = isPinned;
    public List<Definition> Definitions { get; } = [];

    /// <summary>How often the moves of the program's versions name its code.</summary>
    public int Versions { get; set; }

    /// <summary>Definitions of it that some world still holds.</summary>
    public int LiveDefinitions { get; set; }

    /// <summary>Closure objects with code of it, when the program was last looked through.</summary>
    public long Closures { get; set; }

    /// <summary>Words of the stack that led into it then.</summary>
    public long Words { get; set; }

    /// <summary>Names of types of objects that refer to such closures, when that was last asked.</summary>
    public SortedSet<string> HolderTypes { get; } = new(StringComparer.Ordinal);

    public bool IsReferred => Closures + Words > 0;
}
