using FsCheck;
using FsCheck.Fluent;

namespace Kea.Syntax.Tests;

/// <summary>Texts for laws that hold of every text.</summary>
internal static class ArbitraryTexts
{
    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\n  ", "\n    ", "\r\n", "\t", "--", "--|", "//", "doc", "doc x", "\"", "\"\"\"", "{", "}", "{{",
        "'", "'a'", "\\", "\\n", "#!", "#", "#{", "#[", "%{", "(", ")", "[", "]", "|", "||", "|>", "->", "<-", "=>", "-[", "]>",
        "..", "..=", ".", ":", "::", ",", "=", "==", "!", "!=", "&", "&&", "+", "++", "<>", "<", ">", "?", "~", "@", "$", "_",
        "x", "Name", "fn", "let", "if", "then", "else", "case", "handle", "with", "when", "as", "where", "struct", "enum",
        "0x", "1_", "1.5", "907", "é", "\uD83D\uDE00", "\uD83D", "\0", "nil", "sql {", "frame {", "True", "None", "in", "not",
    ];

    /// <summary>Pieces of Kea in any order.</summary>
    public static Arbitrary<string> Soup { get; } = Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary();

    /// <summary>Any characters at all.</summary>
    public static Arbitrary<string> Any { get; } =
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "").ToArbitrary();
}
