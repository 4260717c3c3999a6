namespace Kea.Types.Inference;

internal enum WhyKind { Plain, Argument, Annotation, Body, Field, IfBranch, CaseArm, Condition, Operator, Element, Guard }

/// <summary>Why a type is expected; gives a mismatch its words and its second label.</summary>
internal readonly record struct Why(WhyKind Kind, string? Name = null, Label? Label = null)
{
    /// <summary>The first of the branches of which this is a later one, where that one has the expected type.</summary>
    public Label? FirstBranch { get; init; }
    /// <summary>What to say about the branches then.</summary>
    public string? Branches { get; init; }

    public static readonly Why Plain = new(WhyKind.Plain);
    public static readonly Why Body = new(WhyKind.Body);
    public static readonly Why Annotation = new(WhyKind.Annotation);
    public static Why Condition(string construct) => new(WhyKind.Condition, construct);
    public static Why Field(string name) => new(WhyKind.Field, name);
    public static Why Operator(string text) => new(WhyKind.Operator, text);
    public static Why Element(string container) => new(WhyKind.Element, container);
}
