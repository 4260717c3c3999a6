using System.Collections.Immutable;
using Kea.Mir;
using Kea.Source;
using Kea.Syntax;
using Kea.Testing;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Mir.Tests;

/// <summary>Kea source with the real library, checked and lowered.</summary>
internal static class Programs
{
    private static readonly ImmutableArray<ModuleInput> _library = Library();

    public static CheckedProgram Check(string text, string path = "main.kea", bool withLibrary = false)
    {
        var tree = SyntaxParser.Parse(new SourceText(path, text));
        Assert.That(tree.Diagnostics.Select(Show), Is.Empty, "syntax");
        var bound = Binder.Bind([.. _library, new ModuleInput("Main", tree.Value, ModuleOrigin.Project)], "Main");
        Assert.That(bound.Diagnostics.Where(d => d.Severity == Severity.Error).Select(Show), Is.Empty, "declarations");
        var program = ProgramChecker.Check(bound.Value, withLibrary);
        Assert.That(program.Diagnostics.Where(d => d.Severity == Severity.Error).Select(Show), Is.Empty, "bodies");
        return program.Value;
    }

    public static MirProgram Lower(string text, string path = "main.kea") => Lowering.Lower(Check(text, path), new LoweringRoots.Main(), new LoweringSession()).Program;

    private static string Show(Diagnostic diagnostic) => $"{diagnostic.Primary?.Span} {diagnostic.Code} {diagnostic.Message} {string.Join("; ", diagnostic.Others.Select(o => o.Message))}";

    private static ImmutableArray<ModuleInput> Library()
    {
        var modules = ImmutableArray.CreateBuilder<ModuleInput>();
        foreach (var file in Directory.EnumerateFiles(Repository.Path("stdlib"), "*.kea").Order(StringComparer.Ordinal))
        {
            var stem = Path.GetFileNameWithoutExtension(file);
            var name = stem == "io" ? "IO" : string.Concat(stem.Split('_').Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
            modules.Add(new ModuleInput(name, SyntaxParser.Parse(new SourceText(Path.GetFileName(file), File.ReadAllText(file))).Value, ModuleOrigin.Standard));
        }
        return modules.ToImmutable();
    }
}
