using System.Reflection;
using CommandLine;

namespace Kea.Cli;

/// <summary>What is to be known of arguments before they are parsed.</summary>
internal static class ArgumentShape
{
    /// <summary>
    /// Everything after `run`'s FILE belongs to the program, whatever it looks like. One <c>--</c> right behind FILE says just that
    /// and is not passed on; a program that shall get it is given two.
    /// </summary>
    public static (string[] Own, string[] ForProgram) Split(string[] arguments)
    {
        if (arguments is not ["run", ..]) return (arguments, []);
        var withValue = FlagsWithValue(typeof(RunOptions));
        for (var i = 1; i < arguments.Length; i++)
        {
            if (withValue.Contains(arguments[i])) i++;
            else if (!arguments[i].StartsWith('-') || arguments[i] == "-") return (arguments[..(i + 1)], arguments[(i + 1)..] is ["--", .. var rest] ? rest : arguments[(i + 1)..]);
        }
        return (arguments, []);
    }

    /// <summary>
    /// Flags that may be repeated, gathered into one each behind everything else: <c>--tag=a,b</c>. The parsing library
    /// would go on taking values up to the next flag, and with them FILE.
    /// </summary>
    public static string[] GatherRepeated(string[] arguments)
    {
        if (arguments is not ["test", ..]) return arguments;
        var kept = new List<string>(arguments.Length);
        var values = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (parts[0] is not ("--tag" or "--exclude-tag"))
            {
                kept.Add(arguments[i]);
                continue;
            }
            if (!values.TryGetValue(parts[0], out var known)) values.Add(parts[0], known = []);
            if (parts.Length == 2) known.Add(parts[1]);
            else if (++i < arguments.Length) known.Add(arguments[i]);
        }
        foreach (var (flag, given) in values) kept.Add($"{flag}={string.Join(',', given)}");
        return [.. kept];
    }

    /// <summary>The first flag that takes a value and has none. The parsing library takes a missing value for an absent flag.</summary>
    public static string? MissingValue(string[] arguments, Type[] verbs)
    {
        if (verbs.FirstOrDefault(v => v.GetCustomAttribute<VerbAttribute>()!.Name == arguments.FirstOrDefault()) is not { } verb) return null;
        var withValue = FlagsWithValue(verb);
        for (var i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == "--") return null;
            if (!withValue.Contains(arguments[i])) continue;
            if (i + 1 == arguments.Length || (arguments[i + 1].StartsWith('-') && arguments[i + 1].Length > 1)) return arguments[i];
            i++;
        }
        return null;
    }

    private static HashSet<string> FlagsWithValue(Type verb)
    {
        var flags = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in verb.GetProperties())
        {
            if (property.PropertyType == typeof(bool) || property.GetCustomAttribute<OptionAttribute>() is not { } option) continue;
            flags.Add("--" + option.LongName);
            if (option.ShortName.Length > 0) flags.Add("-" + option.ShortName);
        }
        return flags;
    }
}
