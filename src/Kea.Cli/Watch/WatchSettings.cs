using Kea.Driver.Live;

namespace Kea.Cli.Watch;

/// <summary>The flags of watch mode, read.</summary>
internal sealed record WatchSettings(TimeSpan Debounce, TimeSpan Probation, TimeSpan Grace, int KeepWorlds, bool Poll, IncompatiblePolicy Policy)
{
    /// <returns>Null after saying which flag is wrong.</returns>
    public static WatchSettings? Of(RunOptions options, Terminal terminal)
    {
        TimeSpan? Time(string flag, string text)
        {
            if (Durations.Parse(text) is { } time) return time;
            terminal.Say($"`{flag} {text}` is not a time; write it like 50ms or 2s");
            return null;
        }
        if (options.KeepWorlds < 0)
        {
            terminal.Say($"`--keep-worlds {options.KeepWorlds}` is less than nothing; 0 keeps none");
            return null;
        }
        return Time("--debounce", options.Debounce) is { } debounce && Time("--probation", options.Probation) is { } probation && Time("--grace", options.Grace) is { } grace
            ? new WatchSettings(debounce, probation, grace, options.KeepWorlds, options.Poll, options.OnIncompatible)
            : null;
    }
}
