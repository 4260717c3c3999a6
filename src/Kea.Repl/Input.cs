using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl;

/// <summary>An expression or <c>let</c> to evaluate.</summary>
/// <param name="Names">What a <c>let</c> binds, in order; null for an expression.</param>
internal sealed record Input(SourceText Source, TextSpan Span, ImmutableArray<string>? NamesBound)
{
    public string[]? Names => NamesBound is { } names ? [.. names] : null;

    public static Input Of(SourceText source, Expression statement)
    {
        var end = source.Text.AsSpan().TrimEnd().Length;
        return new Input(source, new TextSpan(statement.Span.Start, Math.Max(end, statement.Span.End)), statement is Expression.Let let ? [.. NamesIn(let.Pattern).Distinct()] : null);
    }

    private static IEnumerable<string> NamesIn(Pattern pattern) => pattern switch
    {
        Pattern.Variable(var name, _) => [name.Text],
        Pattern.As(var inner, var name, _) => NamesIn(inner).Append(name.Text),
        Pattern.Tuple(var elements, _) => elements.SelectMany(NamesIn),
        Pattern.List(var elements, var rest, _, _) => rest is null ? elements.SelectMany(NamesIn) : elements.SelectMany(NamesIn).Concat(NamesIn(rest)),
        Pattern.Constructor constructor => constructor.Arguments.SelectMany(a => NamesIn(a.Pattern)),
        Pattern.Record record => record.Fields.SelectMany(f => NamesIn(f.Pattern)),
        Pattern.Or(var alternatives, _) => NamesIn(alternatives[0]),
        Pattern.Wildcard or Pattern.Literal or Pattern.Unit or Pattern.Const or Pattern.Error => [],
    };
}
