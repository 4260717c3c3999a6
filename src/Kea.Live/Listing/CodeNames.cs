using System.Text.RegularExpressions;
using Kea.Mir;

namespace Kea.Live;

/// <summary>Names of loaded code, as people know them.</summary>
public static partial class CodeNames
{
    private const string ClosureMark = ".closure[";

    /// <summary>The function that code belongs to: of a lambda the one that it stands in, of a function value the function itself.</summary>
    public static string FunctionOf(string name)
    {
        var root = Lambdas.RootOf(name);
        var mark = root.IndexOf(ClosureMark, StringComparison.Ordinal);
        return mark < 0 ? root : root[..mark];
    }

    public static bool IsLambda(string name) => Lambdas.RootOf(name).Length < name.Length;

    /// <summary>The type of a state without the number of its shape, and without what its loop fails with.</summary>
    public static string TypeOf(string state) => ShapeNumber().Replace(state.Split(" ! ")[0], "");

    /// <param name="step">The name of a loop's step; null for a lambda.</param>
    public static string StepOf(string? step) => step is null ? "a lambda" : FunctionOf(step);

    public static string LoopWith(string? step) => $"Live.loop with {StepOf(step)}";

    [GeneratedRegex(@"'\d+")]
    private static partial Regex ShapeNumber();
}
