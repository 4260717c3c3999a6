using System.Collections.Immutable;

namespace Kea.Syntax;

public sealed partial class SyntaxPrinter
{
    // How tight an expression binds (1.14); assertion words take commas and so bind loosest of all.
    private const int StatementLevel = -1;
    private const int ItemLevel = 0;
    private const int AscriptionLevel = 1;
    private const int WhenLevel = 2;
    private const int BinaryLevelMin = 3;
    private const int PrefixLevel = 10;
    private const int MultiplyLevel = 11;
    private const int PostfixLevel = 12;

    private static int LevelOf(Expression expression) => expression switch
    {
        Expression.Assertion => StatementLevel,
        Expression.Lambda or Expression.Let or Expression.Resume or Expression.Fail or Expression.Catch => ItemLevel,
        Expression.Panic or Expression.Unsafe or Expression.If or Expression.With or Expression.AnonymousFunction => ItemLevel,
        Expression.Case or Expression.Cond or Expression.For or Expression.While or Expression.Handle => ItemLevel,
        Expression.Block => ItemLevel,
        Expression.Ascription => AscriptionLevel,
        Expression.When => WhenLevel,
        Expression.Binary binary => LevelOf(binary.Operator),
        Expression.Unary => PrefixLevel,
        Expression.TailRecursive => MultiplyLevel,
        Expression.Literal or Expression.Unit or Expression.Interpolation or Expression.Atom => PostfixLevel,
        Expression.Variable or Expression.Upper or Expression.Field or Expression.Call or Expression.Try => PostfixLevel,
        Expression.Tuple or Expression.List or Expression.Map or Expression.Record or Expression.Update => PostfixLevel,
        Expression.LayoutQuery or Expression.TypeArgument or Expression.Placeholder or Expression.Error => PostfixLevel,
    };

    private static int LevelOf(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Or => BinaryLevelMin,
        BinaryOperator.And => 4,
        BinaryOperator.In or BinaryOperator.NotIn => 5,
        BinaryOperator.Equal or BinaryOperator.NotEqual => 6,
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => 7,
        BinaryOperator.Range or BinaryOperator.RangeInclusive => 8,
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Concat or BinaryOperator.Combine => 9,
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder => MultiplyLevel,
    };

    /// <summary>
    /// Prints in a place that takes expressions of at least this level, in brackets if need be. What has a block outside
    /// of a lambda cannot stand in brackets; where such a form occurs, its block ends it, and none are needed.
    /// </summary>
    private void PrintExpression(Expression expression, int levelMin)
    {
        var needsBrackets = LevelOf(expression) < levelMin && !NakedBlock.IsIn(expression)
            || expression is Expression.Unary { Operator: UnaryOperator.Negate } && _writer.IsAtGuardedStart;
        if (needsBrackets) Write("(");
        PrintExpressionHere(expression);
        if (needsBrackets) Write(")");
    }

    private void PrintStatement(Expression statement) => PrintExpression(statement, StatementLevel);

    private void PrintItem(Expression item) => PrintExpression(item, ItemLevel);

    private void PrintExpressionHere(Expression expression)
    {
        switch (expression)
        {
            case Expression.Literal(var value, _): Write(LiteralText.Of(value)); break;
            case Expression.Unit: Write("()"); break;
            case Expression.Interpolation interpolation: PrintInterpolation(interpolation); break;
            case Expression.Atom(var name, _): Write(":" + name); break;
            case Expression.Variable(var name, _): Write(name); break;
            case Expression.Upper(var name, _): Write(name); break;
            case Expression.Field(Expression.Literal { Value: LiteralValue.Integer } number, var name, _) when char.IsAsciiDigit(name.Text[0]):
                // Without brackets this would be a float.
                Write($"({LiteralText.Of(number.Value)}).{name}");
                break;
            case Expression.Field(var target, var name, _):
                PrintExpression(target, PostfixLevel);
                Write("." + name);
                break;
            case Expression.Call call: PrintCall(call); break;
            case Expression.TailRecursive(var invocation, _):
                Write("@tailrec ");
                PrintExpression(invocation, PostfixLevel);
                break;
            case Expression.Try(var operand, _):
                PrintExpression(operand, PostfixLevel);
                Write("?");
                break;
            case Expression.Unary unary: PrintUnary(unary); break;
            case Expression.Binary binary: PrintBinary(binary); break;
            case Expression.Ascription(var operand, var type, _):
                PrintExpression(operand, AscriptionLevel);
                PrintWord("as");
                PrintType(type);
                break;
            case Expression.When(var body, var condition, _):
                PrintExpression(body, WhenLevel);
                PrintWord("when");
                PrintExpression(condition, BinaryLevelMin);
                break;
            case Expression.Tuple(var elements, _): PrintElements("(", elements, ")"); break;
            case Expression.List(var elements, _): PrintElements("[", elements, "]"); break;
            case Expression.Map(var entries, _): PrintMap(entries); break;
            case Expression.Record record: PrintRecord(record); break;
            case Expression.Update(var @base, var items, _):
                PrintExpression(@base, PostfixLevel);
                PrintItems("~{", items);
                break;
            case Expression.LayoutQuery(var isAlign, var type, _):
                Write(isAlign ? "align_of(" : "size_of(");
                PrintType(type);
                Write(")");
                break;
            case Expression.Assertion(var word, var arguments, _):
                Write(word + " ");
                PrintList(arguments, PrintItem);
                break;
            case Expression.TypeArgument(var type, _): PrintType(type); break;
            case Expression.Placeholder: Write("$"); break;
            case Expression.Error: Write("<error>"); break;
            case Expression.Lambda or Expression.AnonymousFunction or Expression.Block or Expression.Let or Expression.With:
            case Expression.If or Expression.Case or Expression.Cond or Expression.For or Expression.While:
            case Expression.Handle or Expression.Unsafe or Expression.Resume or Expression.Fail or Expression.Catch or Expression.Panic:
                PrintForm(expression);
                break;
        }
    }

    /// <summary>A word between two expressions; it begins a line when a block stands before it.</summary>
    private void PrintWord(string word)
    {
        _writer.Space();
        Write(word);
        _writer.Space();
    }

    private void PrintCall(Expression.Call call)
    {
        if (call.IsBracketed)
        {
            Write("(");
            PrintItem(call.Callee);
            Write(")");
        }
        else PrintExpression(call.Callee, PostfixLevel);
        PrintArguments(call.Arguments);
    }

    private void PrintArguments(ImmutableArray<Argument> arguments)
    {
        Write("(");
        PrintList(arguments, argument =>
        {
            if (argument.Label is { } label) Write(label + ": ");
            PrintItem(argument.Value);
        });
        Write(")");
    }

    private void PrintUnary(Expression.Unary unary)
    {
        Write(unary.Operator == UnaryOperator.Not ? "not " : "-");
        PrintExpression(unary.Operand, PrefixLevel);
    }

    private void PrintBinary(Expression.Binary binary)
    {
        var level = LevelOf(binary.Operator);
        PrintExpression(binary.Left, level);
        PrintWord(SyntaxDump.Symbol(binary.Operator));
        // A prefix operator binds looser than `*` and takes the whole product after it.
        PrintExpression(binary.Right, level == MultiplyLevel ? PostfixLevel : level + 1);
    }

    private void PrintElements(string open, ImmutableArray<Expression> elements, string close)
    {
        Write(open);
        PrintList(elements, PrintItem);
        Write(close);
    }

    private void PrintMap(ImmutableArray<(Expression Key, Expression Value)> entries)
    {
        Write("%{");
        PrintList(entries, entry =>
        {
            PrintItem(entry.Key);
            PrintWord("=>");
            PrintItem(entry.Value);
        });
        Write("}");
    }

    private void PrintRecord(Expression.Record record)
    {
        if (record.Path is { } path) PrintExpression(path, PostfixLevel);
        PrintItems(record.Path is null ? "#{" : " {", record.Items);
    }

    private void PrintItems(string open, ImmutableArray<RecordItem> items)
    {
        Write(open);
        if (!items.IsEmpty) Write(" ");
        PrintList(items, item =>
        {
            Write(item.Name is { } name ? name + ": " : "..");
            PrintItem(item.Value);
        });
        if (!items.IsEmpty) _writer.Space();
        Write("}");
    }

    private void PrintInterpolation(Expression.Interpolation interpolation)
    {
        Write("\"");
        foreach (var part in interpolation.Parts)
        {
            switch (part)
            {
                case InterpolationPart.Text(var text):
                    Write(LiteralText.Escaped(text));
                    break;
                case InterpolationPart.Hole(var expression):
                    Write("{");
                    PrintItem(expression);
                    Write("}");
                    break;
            }
        }
        Write("\"");
    }
}
