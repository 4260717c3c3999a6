using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>
/// A tree as Kea source in one canonical layout: parsing it again gives a structurally equal tree. Comments and the
/// author's line breaks are not in the tree and so not in the text; Error nodes come out as <c>&lt;error&gt;</c>, which
/// does not parse.
/// </summary>
public sealed partial class SyntaxPrinter
{
    private readonly PrintWriter _writer = new();

    private SyntaxPrinter() { }

    public static string Print(SyntaxTree tree)
    {
        var printer = new SyntaxPrinter();
        printer.PrintFile(tree);
        return printer._writer.ToString();
    }

    public static string Print(Declaration declaration)
    {
        var printer = new SyntaxPrinter();
        printer.PrintDeclaration(declaration);
        return printer._writer.ToString().TrimEnd('\n');
    }

    public static string Print(Expression expression)
    {
        var printer = new SyntaxPrinter();
        printer.PrintStatement(expression);
        return printer._writer.ToString().TrimEnd('\n');
    }

    public static string Print(Pattern pattern)
    {
        var printer = new SyntaxPrinter();
        printer.PrintPattern(pattern);
        return printer._writer.ToString().TrimEnd('\n');
    }

    public static string Print(TypeSyntax type)
    {
        var printer = new SyntaxPrinter();
        printer.PrintType(type);
        return printer._writer.ToString().TrimEnd('\n');
    }

    private void PrintFile(SyntaxTree tree)
    {
        foreach (var annotation in tree.FileAnnotations)
        {
            PrintAnnotation(annotation);
            _writer.Line();
        }
        if (tree.ModuleDoc is { } doc)
        {
            PrintDoc(doc);
            _writer.Write("");
            _writer.BlankLine();
        }
        Declaration? previous = null;
        foreach (var declaration in tree.Declarations)
        {
            if (previous is not null && !(previous is Declaration.Use && declaration is Declaration.Use)) Separate();
            PrintDeclaration(declaration);
            _writer.Line();
            previous = declaration;
        }
    }

    /// <summary>An empty line.</summary>
    private void Separate()
    {
        _writer.Line();
        _writer.BlankLine();
    }

    private void Write(string text) => _writer.Write(text);

    private void Write(Name name) => _writer.Write(name.Text);

    private void PrintList<T>(ImmutableArray<T> items, Action<T> print)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) Write(", ");
            print(items[i]);
        }
    }

    private void PrintNames(ImmutableArray<Name> names) => PrintList(names, Write);
}
