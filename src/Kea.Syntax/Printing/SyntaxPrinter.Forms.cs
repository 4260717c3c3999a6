using System.Collections.Immutable;

namespace Kea.Syntax;

/// <summary>Forms with words, bodies and blocks.</summary>
public sealed partial class SyntaxPrinter
{
    private void PrintForm(Expression form)
    {
        switch (form)
        {
            case Expression.Lambda lambda: PrintLambda(lambda); break;
            case Expression.AnonymousFunction function: PrintAnonymousFunction(function); break;
            case Expression.Block block: PrintBody(block); break;
            case Expression.Let let: PrintLet(let); break;
            case Expression.With with: PrintWith(with); break;
            case Expression.If @if: PrintIf(@if); break;
            case Expression.Case(var scrutinee, var arms, _): PrintCase(scrutinee, arms); break;
            case Expression.Cond(var arms, _): PrintCond(arms); break;
            case Expression.For(var pattern, var iterable, var body, _):
                Write("for ");
                PrintPattern(pattern);
                Write(" in ");
                PrintSubject(iterable);
                PrintBody(body);
                break;
            case Expression.While(var condition, var body, _):
                Write("while ");
                PrintSubject(condition);
                PrintBody(body);
                break;
            case Expression.Handle handle: PrintHandle(handle); break;
            case Expression.Unsafe(var body, _): PrintPrefix("unsafe", body); break;
            case Expression.Resume(var value, _): PrintPrefix("resume", value); break;
            case Expression.Fail(var value, _): PrintPrefix("fail", value); break;
            case Expression.Catch(var body, _): PrintPrefix("catch", body); break;
            case Expression.Panic(var message, _): PrintPrefix("panic", message); break;
        }
    }

    private void PrintPrefix(string word, Expression operand)
    {
        Write(word);
        PrintBody(operand);
    }

    /// <summary>What stands before a block that is not its own; a lambda there would take the block.</summary>
    private void PrintSubject(Expression subject)
    {
        var needsBrackets = NakedBlock.IsInOrInLambda(subject) && !NakedBlock.IsIn(subject);
        if (needsBrackets) Write("(");
        PrintItem(subject);
        if (needsBrackets) Write(")");
    }

    /// <summary>A block on the following lines, or one expression after a blank.</summary>
    private void PrintBody(Expression body)
    {
        if (body is Expression.Block block)
        {
            _writer.Indent();
            PrintStatements(block.Statements, isFirst: true);
            _writer.Dedent();
            return;
        }
        _writer.Space();
        PrintItem(body);
    }

    private void PrintStatements(ImmutableArray<Expression> statements, bool isFirst)
    {
        foreach (var statement in statements)
        {
            _writer.Line();
            if (!isFirst) _writer.GuardStart();
            isFirst = false;
            PrintStatement(statement);
            _writer.Line();
        }
    }

    /// <summary>What follows stands in the same block.</summary>
    private void PrintWith(Expression.With with)
    {
        Write("with ");
        if (with.Pattern is { } pattern)
        {
            PrintPattern(pattern);
            Write(" <- ");
        }
        PrintItem(with.Invocation);
        _writer.Line();
        if (with.Rest is Expression.Block rest) PrintStatements(rest.Statements, isFirst: false);
        else PrintStatement(with.Rest);
    }

    private void PrintLet(Expression.Let let)
    {
        Write("let ");
        PrintPattern(let.Pattern);
        if (let.Type is { } type)
        {
            Write(": ");
            PrintType(type);
        }
        Write(" = ");
        PrintItem(let.Value);
    }

    private void PrintLambda(Expression.Lambda lambda)
    {
        Write("|");
        PrintList(lambda.Parameters, parameter =>
        {
            var level = parameter.Pattern is Pattern.As ? AliasLevel : AtomLevel;
            if (parameter.Pattern is Pattern.As(var inner, var name, _))
            {
                PrintPattern(inner, AtomLevel);
                Write(" as " + name);
            }
            else PrintPattern(parameter.Pattern, level);
            if (parameter.Type is not { } type) return;
            Write(": ");
            PrintType(type);
        });
        Write("|");
        PrintBody(lambda.Body);
    }

    private void PrintAnonymousFunction(Expression.AnonymousFunction function)
    {
        Write("fn(");
        PrintList(function.Parameters, PrintParameter);
        Write(") ");
        PrintArrow(function.Effects);
        Write(" ");
        PrintAtom(function.Result);
        // Directly after a type the bar of a lambda is not recognised as the beginning of one (1.5.3).
        if (function.Body is not Expression.Lambda) PrintBody(function.Body);
        else
        {
            Write(" (");
            PrintItem(function.Body);
            Write(")");
        }
    }

    /// <summary>In block form, unless a branch is a bare expression: then with <c>then</c>.</summary>
    private void PrintIf(Expression.If @if)
    {
        var isBlockForm = @if.Then is Expression.Block && @if.Else is null or Expression.Block or Expression.If;
        Write("if ");
        PrintSubject(@if.Condition);
        if (!isBlockForm) PrintWord("then");
        PrintBody(@if.Then);
        if (@if.Else is not { } otherwise) return;
        _writer.Space();
        Write("else");
        PrintBody(otherwise);
    }

    private void PrintCase(Expression scrutinee, ImmutableArray<CaseArm> arms)
    {
        Write("case ");
        PrintSubject(scrutinee);
        _writer.Indent();
        foreach (var arm in arms)
        {
            PrintPattern(arm.Pattern);
            if (arm.Guard is { } guard)
            {
                Write(" when ");
                PrintExpression(guard, BinaryLevelMin);
            }
            PrintArmBody(arm.Body);
        }
        _writer.Dedent();
    }

    private void PrintArmBody(Expression body)
    {
        Write(" ->");
        PrintBody(body);
        _writer.Line();
    }

    private void PrintCond(ImmutableArray<CondArm> arms)
    {
        Write("cond");
        _writer.Indent();
        var isFirst = true;
        foreach (var arm in arms)
        {
            if (!isFirst) _writer.GuardStart();
            isFirst = false;
            if (arm.Condition is { } condition) PrintExpression(condition, BinaryLevelMin);
            else Write("_");
            PrintArmBody(arm.Body);
        }
        _writer.Dedent();
    }

    private void PrintHandle(Expression.Handle handle)
    {
        Write("handle ");
        PrintSubject(handle.Body);
        _writer.Indent();
        // A handle at the end of the last clause would take a `then` that follows it.
        var thenFirst = handle.Clauses is [.., { Body: not Expression.Block and var last }] && NakedBlock.IsIn(last);
        if (thenFirst && handle.Then is { } first) PrintThen(first);
        foreach (var clause in handle.Clauses)
        {
            Write($"{clause.Effect}.{clause.Operation}(");
            PrintList(clause.Parameters, PrintPattern);
            Write(")");
            if (clause.Continuation is { } continuation) Write(" with " + continuation);
            PrintArmBody(clause.Body);
        }
        if (!thenFirst && handle.Then is { } then) PrintThen(then);
        _writer.Dedent();
    }

    private void PrintThen(ThenClause then)
    {
        Write("then");
        if (then.Parameter is { } parameter) Write($" {parameter} ->");
        PrintBody(then.Body);
        _writer.Line();
    }
}
