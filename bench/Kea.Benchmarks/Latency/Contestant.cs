namespace Kea.Benchmarks.Latency;

/// <summary>How long one edit took, from the moment its file had been written until what it says ran.</summary>
/// <param name="Parts">What the contestant itself can tell apart, in milliseconds.</param>
internal sealed record Sample(double Milliseconds, params (string Name, double Milliseconds)[] Parts);

/// <summary>A project of generated code that is edited again and again, in one language with one way of getting edits to run.</summary>
/// <remarks>A contestant is still while others are measured: between <see cref="Rest"/> and <see cref="Wake"/> it takes no processor time.</remarks>
internal abstract class Contestant : IDisposable
{
    /// <summary>As long as `kea run --watch` waits for more saves by default: edits never come closer together, for anyone.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);

    private int _edits;

    public abstract string Name { get; }

    /// <summary>What it runs on, with its version.</summary>
    public abstract string Tool { get; }

    /// <summary>Lines of the project.</summary>
    public abstract int Lines { get; }

    /// <summary>How many edits of it are made in the time that the slowest needs for one.</summary>
    public abstract int EditsPerRound { get; }

    public Sample Edit()
    {
        Thread.Sleep(Apart);
        return Edit(++_edits);
    }

    /// <param name="number">Counts the edits: what is written has not been there before, so that no cache knows it.</param>
    protected abstract Sample Edit(int number);

    public virtual void Wake() { }
    public virtual void Rest() { }
    public abstract void Dispose();
}

/// <summary>One that is not installed: named in the results.</summary>
internal sealed record Missing(string Name, string What);

/// <summary>A text file in which one place changes.</summary>
internal sealed class EditedFile
{
    private readonly string _path, _before, _after;

    /// <param name="mark">What the place is behind; the first of its kind is taken.</param>
    /// <param name="length">How much of the text the place is now.</param>
    public EditedFile(string path, string mark, int length)
    {
        _path = path;
        var text = File.ReadAllText(path);
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"{path} has no `{mark}`");
        at += mark.Length;
        (_before, _after) = (text[..at], text[(at + length)..]);
    }

    public string Path => _path;

    public void Write(string now) => File.WriteAllText(_path, _before + now + _after);
}
