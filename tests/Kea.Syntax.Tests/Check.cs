using System.Text;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>What these tests do with a text; one place to change when the front door changes.</summary>
internal static class Check
{
    public static Phase<SyntaxTree> Parse(string text, string path = "test.kea") =>
        SyntaxParser.Parse(new SourceText(path, text));

    public static SyntaxTree Clean(string text)
    {
        var result = Parse(text);
        Assert.That(Messages(result), Is.Empty, text);
        return result.Value;
    }

    /// <summary>The diagnostics, one a line: place, severity, code, message.</summary>
    public static string Messages<T>(Phase<T> phase)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in phase.Diagnostics) text.Append(Line(diagnostic)).Append('\n');
        return text.ToString();
    }

    public static string Line(Diagnostic diagnostic)
    {
        var span = diagnostic.Primary!.Span;
        var start = span.Source.Lines;
        return $"{start.LineOf(span.Span.Start) + 1}:{start.ColumnOf(span.Span.Start) + 1} "
            + $"{diagnostic.Severity.ToString().ToLowerInvariant()}[{diagnostic.Code}] {diagnostic.Message}";
    }

    /// <summary>A statement as the body of a function, in the column of a block.</summary>
    public static string InFunction(string statements) =>
        "fn f() -> Int\n" + string.Concat(statements.Split('\n').Select(line => line.Length == 0 ? "\n" : $"  {line}\n"));

    /// <summary>The dump of the statements of a function body.</summary>
    public static string Body(string statements)
    {
        var tree = Clean(InFunction(statements));
        var function = (Declaration.Function)tree.Declarations[0];
        var block = (Expression.Block)function.Body!;
        return string.Join("\n", block.Statements.Select(SyntaxDump.Of));
    }

    public static string Declarations(string text)
    {
        var tree = Clean(text);
        return SyntaxDump.Of(tree).TrimEnd('\n');
    }
}
