namespace Kea.Repl.Editing;

/// <summary>A terminal that an input is edited on.</summary>
public interface ILineTerminal
{
    /// <summary>In cells.</summary>
    int Width { get; }
    int Height { get; }

    /// <summary>From now on keys come one by one and unseen, until what is returned is disposed of.</summary>
    IDisposable TakeKeys();

    /// <summary>Waits for bytes.</summary>
    /// <param name="waitsMs">For how long; -1 for as long as it takes.</param>
    /// <returns>How many; 0 at the end of the input, -1 when none have come in time.</returns>
    int Read(Span<byte> bytes, int waitsMs);

    void Write(string text);
}
