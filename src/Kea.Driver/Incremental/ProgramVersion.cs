using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Driver.Incremental;

/// <summary>A module of a version: its file, its text as change detection sees it, and what its bodies belong to.</summary>
/// <param name="Symbol">As it was bound; functions may have been edited since.</param>
/// <param name="Functions">In the order of the outline's bodies; null where a declaration was not accepted.</param>
internal sealed record ModuleVersion(string Path, ModuleSymbol Symbol, ModuleOutline Outline, ImmutableArray<FunctionSymbol?> Functions)
{
    public string Name => Symbol.Name;

    public static ModuleVersion Of(ModuleSymbol module, ModuleOutline outline, string path)
    {
        var byDeclaration = new Dictionary<Declaration, FunctionSymbol>(ReferenceEqualityComparer.Instance);
        foreach (var function in FunctionsOf(module))
            if (function.Declaration is { } declaration) byDeclaration.TryAdd(declaration, function);
        var tests = module.Tests.ToDictionary(t => t.Span.Start, t => t.Function);
        return new ModuleVersion(path, module, outline, [.. outline.Bodies.Select(b =>
            b.Declaration is Declaration.Test test ? tests.GetValueOrDefault(test.TitleSpan.Start) : byDeclaration.GetValueOrDefault(b.Declaration))]);
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
        foreach (var trait in module.Traits.Values)
            foreach (var method in trait.Methods.Values) yield return method;
        foreach (var implementation in module.Implementations)
            foreach (var method in implementation.Methods.Values) yield return method;
    }
}

/// <summary>A program that has been checked without errors, with what is needed to see what another text changes in it.</summary>
/// <param name="Modules">The project's own, by full path.</param>
internal sealed record ProgramVersion(CheckedProgram Program, ImmutableDictionary<string, ModuleVersion> Modules, ImmutableArray<Diagnostic> Warnings)
{
    /// <summary>The types met in functions, by qualified name, as far as somebody has asked.</summary>
    public ImmutableDictionary<string, ImmutableHashSet<string>> TypesMet { get; init; } = ImmutableDictionary<string, ImmutableHashSet<string>>.Empty;
}

/// <summary>What the files say, compared with the version that was accepted last.</summary>
internal abstract record SourceChange
{
    private SourceChange() { }

    /// <summary>Every text means what it meant.</summary>
    /// <param name="TextChanged">Some text is another one all the same: in comments or layout.</param>
    public sealed record None(bool TextChanged) : SourceChange;

    /// <summary>The texts do not make a program; what was accepted last stays.</summary>
    public sealed record Broken(ImmutableArray<Diagnostic> Diagnostics) : SourceChange
    {
        /// <summary>The modules, as far as they could be bound; empty if they could not be read.</summary>
        public ImmutableArray<ModuleSymbol> Declared { get; init; } = [];
    }

    /// <summary>Nothing but functions, so that all other declarations are the objects that they were.</summary>
    public sealed record Functions(ProgramVersion Version, FunctionChanges Changes) : SourceChange
    {
        /// <summary>About the functions that were looked at.</summary>
        public ImmutableArray<Diagnostic> Warnings { get; init; } = [];
    }

    /// <summary>Anything of which names and types tell whom it concerns. Declarations have been bound anew, so that symbols are other objects than before.</summary>
    public sealed record Declarations(ProgramVersion Version, AffectedFunctions Affected) : SourceChange;

    /// <summary>Anything, and declarations have been bound anew.</summary>
    /// <param name="Bodies">Qualified names of functions whose bodies say something else.</param>
    public sealed record Whole(ProgramVersion Version, ImmutableArray<string> Bodies) : SourceChange;
}

/// <summary>Which functions an edit of functions alone concerns.</summary>
/// <param name="Edited">Their bodies say something else; symbols of the new version.</param>
/// <param name="Affected">They say the same, and use something that is another thing now.</param>
/// <param name="Replaced">Functions whose headers say something else, new ones and removed ones.</param>
internal sealed record FunctionChanges(
    ImmutableArray<FunctionSymbol> Edited, ImmutableArray<FunctionSymbol> Affected, ImmutableArray<(FunctionSymbol? Old, FunctionSymbol? New)> Replaced);
