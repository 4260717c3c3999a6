using Kea.Source;
using Kea.Types;
using Kea.Types.Inference;

namespace Kea.Repl;

/// <summary>Where the effects of an input come from.</summary>
internal static class Effects
{
    /// <summary>Each effect with what performs it and where, once for each name; in the order of the text.</summary>
    public static IEnumerable<(string Effect, string Performer, TextSpan Span)> SourcesIn(TypedExpression expression)
    {
        var found = new List<(string, string, TextSpan)>();
        Visit(expression, found);
        return found.DistinctBy(f => (f.Item1, f.Item2)).OrderBy(f => f.Item3.Start);
    }

    private static void Visit(TypedExpression expression, List<(string, string, TextSpan)> found)
    {
        switch (expression)
        {
            case TypedExpression.Call { Target: CallTarget.Operation(var operation, _) } call:
                found.Add((operation.Effect.Name, operation.ToString(), call.Span));
                break;
            case TypedExpression.Call { Target: CallTarget.Function(var function, _) } call:
                foreach (var entry in function.Effects.Entries) found.Add((entry.Label, function.QualifiedName, call.Span));
                break;
            case TypedExpression.Call { Target: CallTarget.TraitMethod method } call:
                foreach (var entry in method.Method.Effects.Entries) found.Add((entry.Label, method.Method.QualifiedName, call.Span));
                break;
            case TypedExpression.Call { Target: CallTarget.Value(var callee) } call when callee.Type.Resolved is Kea.Types.Type.Function type:
                foreach (var entry in type.Effects.Entries) found.Add((entry.Label, "a function value", call.Span));
                break;
            case TypedExpression.Fail fail: found.Add(("Fail", "fail", fail.Span)); break;
        }
        foreach (var part in TypedParts.Of(expression)) Visit(part, found);
    }
}
