using System.Globalization;
using System.Text;

namespace Kea.Syntax;

/// <summary>Literals as they are written in source.</summary>
internal static class LiteralText
{
    public static string Of(LiteralValue value) => value switch
    {
        LiteralValue.Integer(var number) => number.ToString(CultureInfo.InvariantCulture),
        LiteralValue.Float(var number) => Float(number),
        LiteralValue.Char(var code) => Char(code),
        LiteralValue.String(var text) => Quoted(text),
        LiteralValue.Bool(var truth) => truth ? "true" : "false",
    };

    public static string Quoted(string text) => '"' + Escaped(text) + '"';

    /// <summary>The inside of a single-line string.</summary>
    public static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\': result.Append('\\').Append(c); break;
                case '{' or '}': result.Append(c).Append(c); break;
                case '\n': result.Append("\\n"); break;
                case '\t': result.Append("\\t"); break;
                default: result.Append(c); break;
            }
        }
        return result.ToString();
    }

    /// <summary>With digits on both sides of the point, and an exponent only where there is one.</summary>
    private static string Float(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E');
        var digits = exponent < 0 ? text : text[..exponent];
        if (!digits.Contains('.')) digits += ".0";
        return exponent < 0 ? digits : digits + "e" + text[(exponent + 1)..];
    }

    private static string Char(int code) => code switch
    {
        '\n' => @"'\n'",
        '\t' => @"'\t'",
        '\r' => @"'\r'",
        '\0' => @"'\0'",
        '\\' => @"'\\'",
        '\'' => @"'\''",
        < ' ' => string.Create(CultureInfo.InvariantCulture, $@"'\u{{{code:x}}}'"),
        _ => $"'{char.ConvertFromUtf32(code)}'",
    };
}
