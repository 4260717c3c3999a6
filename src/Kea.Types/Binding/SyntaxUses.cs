using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Goes through a type as written and says for each name that may be a variable in which position it stands.</summary>
internal static class SyntaxUses
{
    /// <param name="Use">A lower name, or an Upper one without path and arguments, with the kind that its position has.</param>
    /// <param name="ParametersOf">Parameters of a named type, so that arguments in row positions are seen as rows; null sees all as types.</param>
    public sealed record Visitor(Action<string, VariableKind, TextSpan> Use, Func<PathName, ImmutableArray<TypeVariable>>? ParametersOf);

    public static void InType(TypeSyntax type, Visitor visitor)
    {
        switch (type)
        {
            case TypeSyntax.Named named:
                if (named is { Arguments.IsEmpty: true, Path.Parts: [var only] }) visitor.Use(only.Text, VariableKind.Type, named.Span);
                Arguments(named, visitor);
                break;
            case TypeSyntax.Variable variable:
                visitor.Use(variable.Name.Text, VariableKind.Type, variable.Span);
                All(variable.Arguments, visitor);
                break;
            case TypeSyntax.Projection projection: InType(projection.Base, visitor); break;
            case TypeSyntax.Tuple tuple: All(tuple.Elements, visitor); break;
            case TypeSyntax.Function function:
                All(function.Parameters, visitor);
                InRow(function.Effects, visitor);
                InType(function.Result, visitor);
                break;
            case TypeSyntax.Record record:
                foreach (var field in record.Fields) InType(field.Type, visitor);
                if (record.Tail is { } tail) visitor.Use(tail.Text, VariableKind.RecordRow, tail.Span);
                break;
            case TypeSyntax.EffectList list: InRow(list.Row, visitor); break;
            case TypeSyntax.Optional optional: InType(optional.Inner, visitor); break;
            case TypeSyntax.Forall forall:
                var inner = visitor with
                {
                    Use = (name, kind, span) =>
                    {
                        foreach (var bound in forall.Variables) if (bound.Text == name) return;
                        visitor.Use(name, kind, span);
                    },
                };
                InType(forall.Body, inner);
                break;
            case TypeSyntax.Any any:
                foreach (var (_, equal) in any.Where) InType(equal, visitor);
                break;
            case TypeSyntax.Unit or TypeSyntax.Impl or TypeSyntax.Hole or TypeSyntax.Integer or TypeSyntax.Error: break;
        }
    }

    public static void InRow(EffectRowSyntax row, Visitor visitor)
    {
        foreach (var item in row.Items)
        {
            if (item is { Arguments.IsEmpty: true, Path.Parts: [var only] }) visitor.Use(only.Text, VariableKind.EffectRow, item.Span);
            All(item.Arguments, visitor);
        }
        if (row.Tail is { } tail) visitor.Use(tail.Text, VariableKind.EffectRow, tail.Span);
    }

    private static void Arguments(TypeSyntax.Named named, Visitor visitor)
    {
        if (named.Arguments.IsEmpty) return;
        var parameters = visitor.ParametersOf?.Invoke(named.Path) ?? [];
        for (var i = 0; i < named.Arguments.Length; i++)
        {
            var kind = i < parameters.Length && parameters.Length == named.Arguments.Length ? parameters[i].Kind : VariableKind.Type;
            var name = named.Arguments[i] switch
            {
                TypeSyntax.Variable { Arguments.IsEmpty: true } variable => variable.Name.Text,
                TypeSyntax.Named { Arguments.IsEmpty: true, Path.Parts: [var only] } => only.Text,
                _ => null,
            };
            if (kind != VariableKind.Type && name is not null) visitor.Use(name, kind, named.Arguments[i].Span);
            else InType(named.Arguments[i], visitor);
        }
    }

    private static void All(ImmutableArray<TypeSyntax> types, Visitor visitor)
    {
        foreach (var type in types) InType(type, visitor);
    }
}
