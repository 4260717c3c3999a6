namespace Kea.Live;

/// <summary>
/// Optimised code of functions that were hot together. It belongs to one set of versions: in a world where any of the bodies
/// that went into it has been replaced, the functions that it was entered by have their quick code again.
/// </summary>
/// <param name="entries">What worlds hold while the unit is good for them.</param>
/// <param name="needs">The versions whose bodies went into it.</param>
internal sealed class HotUnit(CodeUnit code, UnitNames names, (int Slot, nint Code)[] entries, Definition[] needs)
{
    public CodeUnit Code { get; } = code;
    public UnitNames Names { get; } = names;
    public (int Slot, nint Code)[] Entries { get; } = entries;
    public Definition[] Needs { get; } = needs;

    /// <summary>Worlds that it has been put into and that are not gone.</summary>
    public int Worlds { get; set; }

    public bool FitsInto(World world)
    {
        foreach (var definition in Needs)
            if (world[definition.Slot] != definition) return false;
        return true;
    }

    public bool IsUsedIn(World world)
    {
        foreach (var (slot, entry) in Entries)
            if (world.EntryOf(slot) == entry) return true;
        return false;
    }
}
