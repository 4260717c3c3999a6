using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>Everything lexer, layout and parser can say; one method per kind for what has a text of its own.</summary>
internal sealed class SyntaxMessages(SourceText source, DiagnosticBag bag)
{
    public const string SyntaxCode = "E0006";
    private const string TypeMismatchCode = "E0001";
    private const string MissingAnnotationCode = "E0801";
    private const string RuleCode = "E0012";
    private const string WithOrderCode = "W1004";

    private readonly HashSet<int> _misplaced = [];

    /// <summary>Set when the rest of the file is given up, so that nothing more is said about it.</summary>
    public bool IsSilent { get; set; }

    public int Count => bag.Count;

    public void Error(TextSpan span, string message, string? help = null, string label = "") =>
        Report(SyntaxCode, span, message, help, label);

    /// <summary>Lexer, layout and parser report in turn; a reader wants them by place.</summary>
    public static ImmutableArray<Diagnostic> InOrder(DiagnosticBag bag)
    {
        var all = bag.ToImmutable();
        return all.Length < 2 ? all : [.. all.OrderBy(d => d.Primary?.Span.Span.Start ?? 0)];
    }

    /// <summary>Adds what was found apart.</summary>
    public void Take(DiagnosticBag found)
    {
        if (!IsSilent) bag.AddRange(found.ToImmutable());
    }

    private void Report(string code, TextSpan span, string message, string? help = null, string label = "")
    {
        if (!IsSilent) bag.Error(code, new SourceSpan(source, span), message, label, help);
    }

    // Text that makes no token.

    public void TabInIndentation(TextSpan span) =>
        Error(span, "tabs are not allowed in indentation", "indent with spaces");

    public void InconsistentIndentation(TextSpan span)
    {
        _misplaced.Add(span.Start);
        Error(span, "inconsistent indentation", "start the line in the column of an enclosing block");
    }

    /// <summary>Has the layout of the token here been reported? What the parser would say follows from that.</summary>
    public bool IsMisplaced(int start) => _misplaced.Count > 0 && _misplaced.Contains(start);

    public void UnexpectedCharacter(TextSpan span, string character) =>
        Error(span, $"unexpected character '{character}'");

    public void BangOperator(TextSpan span) =>
        Error(span, "unexpected character '!'; use 'not' instead");

    public void AmpersandOperator(TextSpan span, bool isDouble) => Error(span, isDouble
        ? "operator '&&' is not supported; use 'and' instead"
        : "unexpected character '&'; use 'and' instead");

    public void ForeignBlock(TextSpan span, ReadOnlySpan<char> word) =>
        Error(span, $"`{word} {{ ... }}` blocks are not supported in Kea v0");

    public void FrameLiteral(TextSpan span) =>
        Error(span, "`frame` literals are not supported in Kea v0");

    // Literals.

    public void InvalidNumber(TextSpan span, TokenKind kind) => Error(span, kind == TokenKind.Float
        ? $"invalid float literal `{source.Slice(span)}`"
        : $"invalid integer literal `{source.Slice(span)}`");

    public void IntegerTooLarge(TextSpan span) => Report(TypeMismatchCode, span,
        $"integer literal `{source.Slice(span)}` does not fit in `Int`");

    public void FloatTooLarge(TextSpan span) => Report(TypeMismatchCode, span,
        $"float literal `{source.Slice(span)}` is out of range of `Float`");

    public void UnterminatedString(TextSpan span) => Error(span, "unterminated string literal",
        "close the string on its line, or use triple quotes for text of several lines");

    public void UnterminatedInterpolation(TextSpan span) =>
        Error(span, "unterminated interpolation in string", "close it with `}`, or write `{{` for a brace");

    public void EmptyInterpolation(TextSpan span) => Error(span, "expected expression in string interpolation",
        "write `{{` and `}}` for braces");

    public void LeftOverInterpolation(TextSpan span) =>
        Error(span, "unexpected token in string interpolation");

    public void UnknownEscape(TextSpan span, ReadOnlySpan<char> escape) =>
        Error(span, $"unknown escape sequence '{escape}'");

    public void InvalidScalar(TextSpan span) => Error(span, "invalid unicode scalar value");

    public void InvalidHexEscape(TextSpan span) => Error(span, "invalid hex in unicode escape");

    public void EmptyCharacter(TextSpan span) => Error(span, "empty character literal");

    public void UnterminatedCharacter(TextSpan span) => Error(span, "unterminated character literal",
        "a character literal holds one character; use double quotes for text");

    // Limits.

    public void NestedTooDeeply(TextSpan span, string what, int limit) =>
        Error(span, $"{what} is nested too deeply; the limit is {limit}", "move a part into a function or `let` of its own");

    // Names of other languages (1.7, 1.13, 3.7).

    public void NilLiteral(TextSpan span) => Error(span, "`nil` is not supported; use `None`");

    public void BareLambda(TextSpan span) =>
        Error(span, "bare lambda syntax is not supported; use `|x| expr`");

    public void ParenthesizedLambda(TextSpan span) =>
        Error(span, "parenthesized lambda syntax is not supported; use `|x| expr`");

    public void PipeOperator(TextSpan span) => Error(span, "expected pattern: there is no operator `|>`",
        "call the function as a method: `value.Module.function()`");

    public void DoubleBar(TextSpan span) =>
        Error(span, "unexpected token after expression: `||` is an empty lambda parameter list; use 'or' instead");

    public void PathOperator(TextSpan span) => Error(span, "expected expression: `::` stands in patterns only",
        "write `A.f`");

    // Declarations.

    public void MissingResultType(TextSpan span, bool isInterface)
    {
        const string message = "fn declarations require a return type";
        Report(isInterface ? MissingAnnotationCode : SyntaxCode, span, message, "write `-> Type` after the parameters");
    }

    /// <summary>What the grammar admits and a rule forbids.</summary>
    public void Rule(TextSpan span, string message) => Report(RuleCode, span, message);

    public void WithOrder(TextSpan span)
    {
        if (IsSilent) return;
        bag.Warning(WithOrderCode, new SourceSpan(source, span),
            "`with` should appear before statements other than `let` and `with`");
    }
}
