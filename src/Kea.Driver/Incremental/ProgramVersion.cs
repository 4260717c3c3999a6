using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Driver.Incremental;

/// <summary>A module of a version: its file, its text as change detection sees it, and what its functions are bound to.</summary>
/// <param name="Functions">In the order of the outline's; null where a declaration was not accepted.</param>
internal sealed record ModuleVersion(string Path, string Name, ModuleOutline Outline, ImmutableArray<FunctionSymbol?> Functions)
{
    public static ModuleVersion Of(ModuleSymbol module, string path)
    {
        var outline = new ModuleOutline(module.Tree);
        var byDeclaration = new Dictionary<Declaration, FunctionSymbol>(ReferenceEqualityComparer.Instance);
        foreach (var function in FunctionsOf(module))
            if (function.Declaration is { } declaration) byDeclaration.TryAdd(declaration, function);
        return new ModuleVersion(path, module.Name, outline, [.. outline.Functions.Select(f => byDeclaration.GetValueOrDefault(f))]);
    }

    private static IEnumerable<FunctionSymbol> FunctionsOf(ModuleSymbol module)
    {
        foreach (var function in module.Functions.Values) yield return function;
        var types = new Queue<TypeSymbol>(module.Types.Values);
        var seen = new HashSet<TypeSymbol>();
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type)) continue;
            foreach (var method in type.Methods.Values) yield return method;
            foreach (var nested in type.NestedTypes.Values) types.Enqueue(nested);
        }
        foreach (var implementation in module.Implementations)
            foreach (var method in implementation.Methods.Values) yield return method;
    }
}

/// <summary>A program that has been checked without errors, with what is needed to see what another text changes in it.</summary>
/// <param name="Modules">The project's own, by full path.</param>
internal sealed record ProgramVersion(CheckedProgram Program, ImmutableDictionary<string, ModuleVersion> Modules, ImmutableArray<Diagnostic> Warnings);

/// <summary>What the files say, compared with the version that was accepted last.</summary>
internal abstract record SourceChange
{
    private SourceChange() { }

    /// <summary>Every text means what it meant.</summary>
    /// <param name="TextChanged">Some text is another one all the same: in comments or layout.</param>
    public sealed record None(bool TextChanged) : SourceChange;

    /// <summary>The texts do not make a program; what was accepted last stays.</summary>
    public sealed record Broken(ImmutableArray<Diagnostic> Diagnostics) : SourceChange;

    /// <summary>Nothing but the bodies of some functions.</summary>
    public sealed record BodiesOnly(ProgramVersion Version, ImmutableArray<FunctionSymbol> Functions) : SourceChange;

    /// <summary>Anything, so that declarations have been bound anew: symbols are other objects than before.</summary>
    /// <param name="Bodies">Qualified names of functions whose bodies say something else.</param>
    public sealed record Whole(ProgramVersion Version, ImmutableArray<string> Bodies) : SourceChange;
}
