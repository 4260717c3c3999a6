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

/// <summary>A unit with what keeps it: the definitions that it made, and the slots that its code loads.</summary>
internal sealed class LoadedUnit(CodeUnit code, List<int> slots, bool isPinned)
{
    public CodeUnit Code { get; } = code;

    /// <summary>Held for this unit, each once.</summary>
    public List<int> Slots { get; } = slots;

    /// <summary>
    /// Closure objects may point into it, and they are not counted: it stays for as long as the program does.
    /// </summary>
    public bool IsPinned { get; set; } = isPinned;

    /// <summary>Definitions of it that some world still holds.</summary>
    public int LiveDefinitions { get; set; }
}
