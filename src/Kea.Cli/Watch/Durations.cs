using System.Globalization;

namespace Kea.Cli.Watch;

/// <summary>Times as flags have them: <c>50ms</c>, <c>2s</c>, <c>1m</c>; a bare number is seconds.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("msh");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number < 0 || number > 1e6) return null;
        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" or "" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => null,
        };
    }
}
