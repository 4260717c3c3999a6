using Kea.Mir;

namespace Kea.Driver.Live;

/// <summary>
/// Numbers for the bodies that functions get by edits; the names of lambdas carry them. A number is given again when no code that is
/// loaded carries it any more, so that names, and tables of them, do not grow with the number of edits.
/// </summary>
/// <param name="loaded">Names of the functions whose code is loaded.</param>
internal sealed class BodyNumbers(Func<IEnumerable<string>> loaded)
{
    /// <summary>The number that every body has to begin with.</summary>
    private const int First = 1;
    private const int LeastFree = 64;

    private readonly Stack<int> _free = [];
    private int _highest = First;

    /// <param name="code">Code whose names are in use, loaded or not.</param>
    public int Next(LiveCode code)
    {
        if (_free.TryPop(out var number)) return number;
        var used = loaded().Concat(code.Functions.Values.Select(f => f.Lowered.Name)).Select(Lambdas.BodyOf).ToHashSet();
        for (var known = _highest; known > First; known--)
            if (!used.Contains(known)) _free.Push(known);
        while (_free.Count < LeastFree) _free.Push(++_highest);
        return _free.Pop();
    }
}
