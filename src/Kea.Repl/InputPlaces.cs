using System.Globalization;
using System.Text.RegularExpressions;

namespace Kea.Repl;

/// <summary>What a program says about a panic, with places of inputs for those of the module that they are made into.</summary>
internal static partial class InputPlaces
{
    /// <summary>Frames that every evaluation has below its own.</summary>
    private static readonly HashSet<string> Below = new(StringComparer.Ordinal) { "    Live.turn[Int]", "    Live.loop(Int)", "    main", "    kea.entry" };

    /// <param name="lines">Whole lines of the program's error output.</param>
    /// <param name="shownPath">How the module is named in them.</param>
    /// <param name="isOwn">The program is nothing but the session.</param>
    public static string In(string lines, SessionModule module, string shownPath, bool isOwn)
    {
        if (!lines.Contains(SessionModule.Prefix, StringComparison.Ordinal) && !lines.Contains(shownPath, StringComparison.Ordinal)) return lines;
        var kept = new List<string>();
        foreach (var line in lines.Split('\n'))
        {
            if (Place().Match(line) is { Success: true } place && place.Groups["path"].Value == shownPath) kept.Add(At(line, place, module));
            else if (!(line.StartsWith("    ", StringComparison.Ordinal) && (line.Contains(SessionModule.Prefix, StringComparison.Ordinal) || (isOwn && (Below.Contains(line) || line.EndsWith(".main", StringComparison.Ordinal)))))) kept.Add(line);
        }
        for (var i = kept.Count - 1; i >= 0; i--)
            if (kept[i] == "  backtrace:" && (i + 1 == kept.Count || !kept[i + 1].StartsWith("    ", StringComparison.Ordinal))) kept.RemoveAt(i);
        return string.Join('\n', kept);
    }

    /// <summary>Only the input itself is sure to have been compiled from this text: a definition keeps the code of an earlier one.</summary>
    private static string At(string line, Match place, SessionModule module)
    {
        var (row, column) = (int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture), int.Parse(place.Groups["column"].Value, CultureInfo.InvariantCulture));
        var function = place.Groups["function"].Value;
        if (function.Contains(SessionModule.Prefix, StringComparison.Ordinal)) return module.Place(row, column) is { } found ? $"  at {found}" : "  in the input";
        return row <= module.HostLines ? line : $"  in {function[(function.IndexOf('.', StringComparison.Ordinal) + 1)..]}, defined at the prompt";
    }

    [GeneratedRegex(@"^  at (?<path>.+):(?<line>\d+):(?<column>\d+) in (?<function>.+)$")]
    private static partial Regex Place();
}
