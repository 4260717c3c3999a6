using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kea.Syntax;

/// <summary>
/// A tree as S-expressions, without places: two trees have the same dump exactly when they are structurally equal.
/// </summary>
public static partial class SyntaxDump
{
    public static string Of(SyntaxTree tree)
    {
        var text = new StringBuilder();
        foreach (var annotation in tree.FileAnnotations) Line(text, Dump(annotation));
        if (tree.ModuleDoc is { } doc) Line(text, Sexp.Of("module-doc", Quoted(doc.Text)));
        foreach (var declaration in tree.Declarations) Line(text, Dump(declaration));
        return text.ToString();
    }

    public static string Of(Declaration declaration) => Text(Dump(declaration));
    public static string Of(Expression expression) => Text(Dump(expression));
    public static string Of(Pattern pattern) => Text(Dump(pattern));
    public static string Of(TypeSyntax type) => Text(Dump(type));

    private static void Line(StringBuilder text, Sexp sexp)
    {
        sexp.Write(text, 0);
        text.Append('\n');
    }

    private static string Text(Sexp sexp)
    {
        var text = new StringBuilder();
        sexp.Write(text, 0);
        return text.ToString();
    }

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            switch (c)
            {
                case '"' or '\\': text.Append('\\').Append(c); break;
                case '\n': text.Append("\\n"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}"); break;
                default: text.Append(c); break;
            }
        }
        return text.Append('"').ToString();
    }

    private static Sexp Named(Name name) => name.IsMissing ? "<missing>" : name.Text;
    private static Sexp? NameOrNone(Name? name) => name is { } known ? Named(known) : null;
    private static Sexp Flag(string flag) => new Sexp.Word(flag);
    private static Sexp? Flag(bool isSet, string flag) => isSet ? new Sexp.Word(flag) : null;

    private static Sexp Names(string head, ImmutableArray<Name> names) => Sexp.Of(head, names.Select(Named));
    private static Sexp? NamesIfAny(string head, ImmutableArray<Name> names) => names.IsEmpty ? null : Names(head, names);

    private static Sexp? Many<T>(string head, ImmutableArray<T> items, Func<T, Sexp> dump) =>
        items.IsEmpty ? null : Sexp.Of(head, items.Select(dump));

    private static Sexp Dump(Annotation annotation) =>
        Sexp.Of("@" + annotation.Name, [Flag(annotation.HasParentheses && annotation.Arguments.IsEmpty, "()"), .. annotation.Arguments.Select(Dump)]);

    private static Sexp Dump(Argument argument) => argument.Label is { } label
        ? Sexp.Of("label", Named(label), Dump(argument.Value))
        : Dump(argument.Value);

    private static Sexp Dump(LiteralValue value) => value switch
    {
        LiteralValue.Integer(var number) => number.ToString(CultureInfo.InvariantCulture),
        LiteralValue.Float(var number) => Sexp.Of("float", number.ToString("R", CultureInfo.InvariantCulture)),
        LiteralValue.Char(var code) => Sexp.Of("char", Quoted(char.ConvertFromUtf32(code))),
        LiteralValue.String(var text) => Quoted(text),
        LiteralValue.Bool(var truth) => truth ? "true" : "false",
    };
}
