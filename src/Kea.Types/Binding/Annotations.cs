using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Annotations: which stand where, and their arguments (2.15).</summary>
internal static partial class Annotations
{
    /// <summary>The single string argument, or null.</summary>
    public static string? Text(Annotation annotation) =>
        annotation.Arguments is [{ Label: null, Value: Expression.Literal { Value: LiteralValue.String(var text) } }] ? text : null;

    /// <summary>The text of <c>@deprecated</c>, empty when it has none; null without it.</summary>
    public static string? Deprecation(Header header)
    {
        foreach (var annotation in header.Annotations)
            if (annotation.Name.Text == "deprecated") return Text(annotation) ?? "";
        return null;
    }
}
