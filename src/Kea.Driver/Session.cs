using System.Collections.Immutable;
using Kea.Source;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Driver;

/// <summary>What checking a program gave. There is a program whenever the sources could be parsed; it may only be lowered without errors.</summary>
public sealed record CheckOutcome(CheckedProgram? Program, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Program is null || Diagnostics.Any(d => d.Severity == Severity.Error);
}

/// <summary>A way through the compiler: what every front door (verbs, tests, benchmarks) calls. Holds no state between calls.</summary>
public sealed class Session(ToolchainPaths paths, ISourceFiles? files = null)
{
    public ToolchainPaths Paths { get; } = paths;

    /// <summary>Loads, parses, binds and checks a program from its entry file. Never throws on bad source.</summary>
    /// <param name="withLibrary">Also check library bodies that nothing reaches.</param>
    public CheckOutcome Check(string entryPath, bool withLibrary = false)
    {
        var loaded = CompilerFault.During("reading and parsing", () => new ModuleLoader(files ?? new DiskFiles(), Paths).Load(entryPath));
        // Names and types of a text that could not be read whole would mostly be follow-up errors.
        if (loaded.EntryName is null || loaded.Diagnostics.Any(d => d.Severity == Severity.Error)) return new CheckOutcome(null, loaded.Diagnostics);
        var bound = CompilerFault.During("name resolution", () => Binder.Bind(loaded.Modules, loaded.EntryName));
        var check = CompilerFault.During("type checking", () => ProgramChecker.Check(bound.Value, withLibrary));
        return new CheckOutcome(check.Value, [.. loaded.Diagnostics, .. bound.Diagnostics, .. check.Diagnostics]);
    }
}
