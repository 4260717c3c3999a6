using System.Text;

namespace Kea.Repl;

/// <summary>From lines to inputs.</summary>
/// <param name="readLine">The next line, asked for with or without the prompt of a continuation; null at the end.</param>
public sealed class InputReader(Func<bool, string?> readLine)
{
    private string? _next;

    /// <summary>The next input, or null at the end.</summary>
    public string? Read()
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = _next ?? readLine(text.Length > 0);
            _next = null;
            if (line is null) return text.Length > 0 ? text.ToString() : null;
            line = line.TrimEnd('\r', '\n');
            if (text.Length == 0)
            {
                if (line.AsSpan().Trim().IsEmpty) continue;
                text.Append(line).Append('\n');
                if (!InputText.MayGoOn(text.ToString())) return text.ToString();
                continue;
            }
            if (line.Length == 0) return text.ToString();
            if (!InputText.IsIncomplete(text.ToString()) && !Continues(line))
            {
                _next = line;
                return text.ToString();
            }
            text.Append(line).Append('\n');
            if (!InputText.MayGoOn(text.ToString())) return text.ToString();
        }
    }

    private static bool Continues(string line) => line[0] is ' ' or '\t' or ')' or ']' or '}' || line.StartsWith("else", StringComparison.Ordinal) || line.StartsWith("then", StringComparison.Ordinal);
}
