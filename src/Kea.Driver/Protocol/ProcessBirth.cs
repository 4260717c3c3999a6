using System.Globalization;

namespace Kea.Driver.Protocol;

/// <summary>When a process began, in the system's ticks since it was started: with the process number, what tells two processes apart. No clock that is set has a part in it.</summary>
internal static class ProcessBirth
{
    /// <summary>Fields behind the name, in <c>/proc/PID/stat</c>.</summary>
    private const int State = 0, StartTime = 19;

    /// <returns>Null when there is no such process, or when it has ended.</returns>
    public static long? Of(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            // The name is in parentheses, and may have any character in it.
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[State] is "Z" or "X" ? null : long.Parse(fields[StartTime], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
