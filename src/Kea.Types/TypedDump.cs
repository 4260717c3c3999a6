using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>
/// The text form of a typed body: Kea-like, with what the checker found made visible — type arguments in brackets, conversions
/// in angle brackets, a type behind every binding, temporaries as <c>$0</c>.
/// </summary>
public sealed class TypedDump
{
    private readonly StringBuilder _text = new();
    private readonly TypePrinter _types = new();
    private readonly Dictionary<LocalSymbol, string> _temporaries = [];
    private int _indent;

    private TypedDump() { }

    public static string Text(TypedBody body)
    {
        var dump = new TypedDump();
        dump._text.Append("fn ").Append(body.Function.QualifiedName).Append('(');
        dump.All(body.Parameters, dump.Pattern, ", ");
        dump._text.Append(") ").Append(dump._types.Arrow(body.Function.Effects)).Append(' ').Append(dump._types.Print(body.Function.Result));
        dump.Inner(body.Body);
        return dump._text.Append('\n').ToString();
    }

    public static string Text(TypedExpression expression)
    {
        var dump = new TypedDump();
        dump.Expression(expression);
        return dump._text.ToString();
    }

    private string Print(Type type) => _types.Print(type);

    private void All<T>(ImmutableArray<T> items, Action<T> write, string separator)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) _text.Append(separator);
            write(items[i]);
        }
    }

    private void Line() => _text.Append('\n').Append(' ', _indent * 2);

    /// <summary>On lines of its own, one step further in.</summary>
    private void Inner(TypedExpression expression)
    {
        _indent++;
        if (expression is TypedExpression.Block block)
        {
            foreach (var statement in block.Statements)
            {
                Line();
                Expression(statement);
            }
        }
        else
        {
            Line();
            Expression(expression);
        }
        _indent--;
    }

    private string Name(LocalSymbol symbol)
    {
        if (symbol.Name.Length > 0) return symbol.Name;
        if (!_temporaries.TryGetValue(symbol, out var name)) _temporaries.Add(symbol, name = $"${_temporaries.Count}");
        return name;
    }

    private void TypeArguments(ImmutableArray<Type> types)
    {
        if (types.IsEmpty) return;
        _text.Append('[').AppendJoin(", ", types.Select(Print)).Append(']');
    }

    private void Arguments(ImmutableArray<TypedExpression> arguments)
    {
        _text.Append('(');
        All(arguments, Expression, ", ");
        _text.Append(')');
    }

    private void Target(CallTarget target)
    {
        switch (target)
        {
            case CallTarget.Function function:
                _text.Append(function.Symbol.QualifiedName);
                TypeArguments(function.TypeArguments);
                break;
            case CallTarget.TraitMethod method:
                _text.Append(method.Trait.Name).Append('.').Append(method.Method.Name).Append('<').Append(Print(method.Self)).Append('>');
                TypeArguments([.. method.TraitArguments, .. method.MethodArguments]);
                break;
            case CallTarget.Operation operation:
                _text.Append("perform ").Append(operation.Symbol);
                TypeArguments(operation.TypeArguments);
                break;
            case CallTarget.Value value:
                _text.Append('(');
                Expression(value.Callee);
                _text.Append(')');
                break;
            case CallTarget.Builtin builtin:
                _text.Append('%').Append(builtin.Name).Append('<').Append(Print(builtin.Of)).Append('>');
                break;
        }
    }

    private void Expression(TypedExpression expression)
    {
        switch (expression)
        {
            case TypedExpression.Integer integer: Number(integer.Value.ToString(CultureInfo.InvariantCulture), integer.Type, "Int"); break;
            case TypedExpression.Float number: Number(number.Value.ToString("R", CultureInfo.InvariantCulture), number.Type, "Float"); break;
            case TypedExpression.Char character: _text.Append('\'').Append(char.ConvertFromUtf32(character.CodePoint)).Append('\''); break;
            case TypedExpression.String text: _text.Append('"').Append(text.Value.Replace("\n", "\\n", StringComparison.Ordinal)).Append('"'); break;
            case TypedExpression.Bool truth: _text.Append(truth.Value ? "true" : "false"); break;
            case TypedExpression.Unit: _text.Append("()"); break;
            case TypedExpression.Atom atom: _text.Append(':').Append(atom.Name); break;
            case TypedExpression.Local local: _text.Append(Name(local.Symbol)); break;
            case TypedExpression.PolymorphicLocal local:
                _text.Append(Name(local.Symbol));
                TypeArguments(local.TypeArguments);
                break;
            case TypedExpression.Const constant: _text.Append(constant.Symbol.QualifiedName); break;
            case TypedExpression.FunctionValue function:
                _text.Append('&');
                Target(function.Target);
                break;
            case TypedExpression.Call call:
                Target(call.Target);
                Arguments(call.Arguments);
                break;
            case TypedExpression.Construct construct:
                _text.Append(construct.Variant);
                if (!construct.Arguments.IsEmpty) Arguments(construct.Arguments);
                break;
            case TypedExpression.Struct literal: Struct(literal); break;
            case TypedExpression.Record record: Record(record); break;
            case TypedExpression.Update update:
                Expression(update.Base);
                _text.Append("~{ ");
                All(update.Fields, Field, ", ");
                _text.Append(" }");
                break;
            case TypedExpression.Field field:
                Expression(field.Target);
                _text.Append('.').Append(field.Label);
                break;
            case TypedExpression.Tuple tuple: Arguments(tuple.Elements); break;
            case TypedExpression.TupleElement element:
                Expression(element.Target);
                _text.Append('.').Append(element.Index);
                break;
            case TypedExpression.List list:
                _text.Append('[');
                All(list.Elements, Expression, ", ");
                _text.Append(']');
                break;
            case TypedExpression.Range range: Wrapped(range.Inclusive ? "..=" : "..", range.From, range.To); break;
            case TypedExpression.Rewrap rewrap: Marked("rewrap", rewrap.Type, rewrap.Operand); break;
            case TypedExpression.Binary binary: Wrapped(Inference.BodyChecker.Text(binary.Operator), binary.Left, binary.Right); break;
            case TypedExpression.Negate negate: Prefixed("-", negate.Operand); break;
            case TypedExpression.Not not: Prefixed("not ", not.Operand); break;
            case TypedExpression.Interpolation text:
                _text.Append("text");
                Arguments(text.Parts);
                break;
            case TypedExpression.Convert convert: Marked(Conversion(convert.Kind), convert.Type, convert.Operand); break;
            case TypedExpression.Block block:
                _text.Append("block");
                Inner(block);
                break;
            case TypedExpression.Let let:
                _text.Append("let ");
                Pattern(let.Pattern);
                _text.Append(" = ");
                Expression(let.Value);
                break;
            case TypedExpression.LetPolymorphic let:
                _text.Append("let ").Append(Name(let.Symbol)).Append('[').AppendJoin(", ", let.Variables.Select(v => v.Name)).Append("]: ").Append(Print(let.Symbol.Type)).Append(" = ");
                Expression(let.Value);
                break;
            case TypedExpression.Lambda lambda:
                _text.Append('|');
                All(lambda.Parameters, Pattern, ", ");
                _text.Append("| ").Append(lambda.Type.Resolved is Type.Function type ? _types.Arrow(type.Effects) : "->");
                Inner(lambda.Body);
                break;
            case TypedExpression.If conditional: If(conditional); break;
            case TypedExpression.Case match: Case(match); break;
            case TypedExpression.While loop:
                _text.Append("while ");
                Expression(loop.Condition);
                Inner(loop.Body);
                break;
            case TypedExpression.For loop:
                _text.Append("for ");
                Pattern(loop.Pattern);
                _text.Append(" in ");
                Expression(loop.Iterable);
                Inner(loop.Body);
                break;
            case TypedExpression.Fail fail: Prefixed("fail ", fail.Value); break;
            case TypedExpression.Try attempt:
                Expression(attempt.Operand);
                _text.Append('?');
                break;
            case TypedExpression.Catch attempt:
                _text.Append("catch: ").Append(Print(attempt.Type));
                Inner(attempt.Body);
                break;
            case TypedExpression.Panic panic: Prefixed("panic ", panic.Message); break;
            case TypedExpression.LayoutQuery query: _text.Append(query.IsAlign ? "align_of(" : "size_of(").Append(Print(query.Of)).Append(')'); break;
            case TypedExpression.Error: _text.Append("<error>"); break;
        }
    }

    private void Number(string digits, Type type, string plain)
    {
        _text.Append(digits);
        if (Print(type) is var name && name != plain) _text.Append(':').Append(name);
    }

    private void Prefixed(string prefix, TypedExpression operand)
    {
        _text.Append(prefix);
        Expression(operand);
    }

    private void Marked(string mark, Type type, TypedExpression operand)
    {
        _text.Append(mark).Append('<').Append(Print(type)).Append(">(");
        Expression(operand);
        _text.Append(')');
    }

    private void Wrapped(string symbol, TypedExpression left, TypedExpression right)
    {
        _text.Append('(');
        Expression(left);
        _text.Append(' ').Append(symbol).Append(' ');
        Expression(right);
        _text.Append(')');
    }

    private static string Conversion(Conversion kind) => kind switch
    {
        Types.Conversion.WidenInteger => "widen",
        Types.Conversion.Absurd => "absurd",
        Types.Conversion.StructToRow => "row",
        Types.Conversion.FunctionRow => "effects",
        Types.Conversion.SameRepresentation => "same",
    };

    private void Field((string Label, TypedExpression Value) field)
    {
        _text.Append(field.Label).Append(": ");
        Expression(field.Value);
    }

    private void Struct(TypedExpression.Struct literal)
    {
        _text.Append(Print(literal.Type)).Append(" { ");
        var fields = ImmutableArray.CreateRange(literal.Fields, f => (literal.Symbol.Fields[f.Field].Name, f.Value));
        if (literal is { Spread: { } first, SpreadFirst: true }) Spread(first, !fields.IsEmpty, true);
        All(fields, Field, ", ");
        if (literal is { Spread: { } last, SpreadFirst: false }) Spread(last, !fields.IsEmpty, false);
        _text.Append(" }");
    }

    private void Spread(TypedExpression value, bool hasFields, bool isFirst)
    {
        if (!isFirst && hasFields) _text.Append(", ");
        _text.Append("..");
        Expression(value);
        if (isFirst && hasFields) _text.Append(", ");
    }

    private void Record(TypedExpression.Record record)
    {
        _text.Append("#{ ");
        if (record.Base is { } from) Spread(from, !record.Fields.IsEmpty, true);
        All(record.Fields, Field, ", ");
        _text.Append(" }");
    }

    private void If(TypedExpression.If conditional)
    {
        _text.Append("if ");
        Expression(conditional.Condition);
        Inner(conditional.Then);
        if (conditional.Else is null) return;
        Line();
        _text.Append("else");
        Inner(conditional.Else);
    }

    private void Case(TypedExpression.Case match)
    {
        _text.Append("case ");
        Expression(match.Scrutinee);
        _indent++;
        foreach (var arm in match.Arms)
        {
            Line();
            Pattern(arm.Pattern);
            if (arm.Guard is { } guard) Prefixed(" when ", guard);
            _text.Append(" ->");
            Inner(arm.Body);
        }
        _indent--;
    }

    private void Pattern(TypedPattern pattern)
    {
        switch (pattern)
        {
            case TypedPattern.Wildcard: _text.Append('_'); break;
            case TypedPattern.Binding binding: _text.Append(Name(binding.Symbol)).Append(": ").Append(Print(binding.Type)); break;
            case TypedPattern.Integer integer: Number(integer.Value.ToString(CultureInfo.InvariantCulture), integer.Type, "Int"); break;
            case TypedPattern.Float number: Number(number.Value.ToString("R", CultureInfo.InvariantCulture), number.Type, "Float"); break;
            case TypedPattern.Char character: _text.Append('\'').Append(char.ConvertFromUtf32(character.CodePoint)).Append('\''); break;
            case TypedPattern.String text: _text.Append('"').Append(text.Value).Append('"'); break;
            case TypedPattern.Bool truth: _text.Append(truth.Value ? "true" : "false"); break;
            case TypedPattern.Constructor constructor:
                _text.Append(constructor.Variant.Name);
                if (!constructor.Fields.IsEmpty) Patterns("(", constructor.Fields, ", ", ")");
                break;
            case TypedPattern.Record record:
                _text.Append("{ ");
                All(record.Fields, f =>
                {
                    _text.Append(f.Label).Append(" = ");
                    Pattern(f.Pattern);
                }, ", ");
                _text.Append(" }");
                break;
            case TypedPattern.Tuple tuple: Patterns("(", tuple.Elements, ", ", ")"); break;
            case TypedPattern.Rewrap rewrap: Patterns("rewrap(", [rewrap.Inner], "", ")"); break;
            case TypedPattern.Const constant: _text.Append("== ").Append(constant.Symbol.QualifiedName); break;
            case TypedPattern.As named:
                Pattern(named.Inner);
                _text.Append(" as ").Append(Name(named.Symbol)).Append(": ").Append(Print(named.Type));
                break;
            case TypedPattern.Or or: Patterns("(", or.Alternatives, " | ", ")"); break;
            case TypedPattern.Error: _text.Append("<error>"); break;
        }
    }

    private void Patterns(string open, ImmutableArray<TypedPattern> patterns, string separator, string close)
    {
        _text.Append(open);
        All(patterns, Pattern, separator);
        _text.Append(close);
    }
}
