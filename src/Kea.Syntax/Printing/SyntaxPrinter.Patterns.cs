namespace Kea.Syntax;

public sealed partial class SyntaxPrinter
{
    // How tight a pattern binds (5.6).
    private const int AliasLevel = 1;
    private const int ConsLevel = 2;
    private const int AtomLevel = 3;

    private static int LevelOf(Pattern pattern) => pattern switch
    {
        Pattern.Or => 0,
        Pattern.As => AliasLevel,
        Pattern.List { IsCons: true } => ConsLevel,
        Pattern.List or Pattern.Wildcard or Pattern.Variable or Pattern.Literal or Pattern.Unit => AtomLevel,
        Pattern.Constructor or Pattern.Const or Pattern.Record or Pattern.Tuple or Pattern.Error => AtomLevel,
    };

    private void PrintPattern(Pattern pattern) => PrintPattern(pattern, 0);

    private void PrintPattern(Pattern pattern, int levelMin)
    {
        var needsBrackets = LevelOf(pattern) < levelMin;
        if (needsBrackets) Write("(");
        PrintPatternHere(pattern);
        if (needsBrackets) Write(")");
    }

    private void PrintPatternHere(Pattern pattern)
    {
        switch (pattern)
        {
            case Pattern.Wildcard: Write("_"); break;
            case Pattern.Variable(var name, _): Write(name); break;
            case Pattern.Literal(var value, var negated, _): Write((negated ? "-" : "") + LiteralText.Of(value)); break;
            case Pattern.Unit: Write("()"); break;
            case Pattern.Constructor constructor: PrintConstructor(constructor); break;
            case Pattern.Const(var owner, var name, _): Write($"{owner}.{name}"); break;
            case Pattern.Record record: PrintRecordPattern(record); break;
            case Pattern.Tuple(var elements, _):
                Write("(");
                PrintList(elements, PrintPattern);
                Write(")");
                break;
            case Pattern.List list: PrintListPattern(list); break;
            case Pattern.As(var inner, var name, _):
                PrintPattern(inner, ConsLevel);
                Write(" as " + name);
                break;
            case Pattern.Or(var alternatives, _):
                for (var i = 0; i < alternatives.Length; i++)
                {
                    if (i > 0) Write(" | ");
                    PrintPattern(alternatives[i], AliasLevel);
                }
                break;
            case Pattern.Error: Write("<error>"); break;
        }
    }

    private void PrintConstructor(Pattern.Constructor constructor)
    {
        Write(constructor.Path.ToString());
        if (!constructor.HasParentheses) return;
        Write("(");
        PrintList(constructor.Arguments, argument =>
        {
            if (argument.Label is { } label) Write(label + ": ");
            PrintPattern(argument.Pattern);
        });
        if (constructor.HasRest) Write(constructor.Arguments.IsEmpty ? ".." : ", ..");
        Write(")");
    }

    private void PrintRecordPattern(Pattern.Record record)
    {
        Write(record.Path is { } path ? path + " {" : "#{");
        PrintList(record.Fields, field =>
        {
            Write(field.Name);
            if (field.Punned) return;
            Write(": ");
            PrintPattern(field.Pattern);
        });
        if (record.HasRest) Write(record.Fields.IsEmpty ? ".." : ", ..");
        Write("}");
    }

    private void PrintListPattern(Pattern.List list)
    {
        if (list is { IsCons: true, Rest: { } tail })
        {
            PrintPattern(list.Elements[0], AtomLevel);
            Write(" :: ");
            PrintPattern(tail, ConsLevel);
            return;
        }
        Write("[");
        PrintList(list.Elements, PrintPattern);
        if (list.Rest is { } rest)
        {
            Write(list.Elements.IsEmpty ? ".." : ", ..");
            PrintPattern(rest);
        }
        Write("]");
    }
}
