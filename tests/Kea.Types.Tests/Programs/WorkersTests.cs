using System.Collections.Immutable;
using System.Text;
using Kea.Source;
using Kea.Syntax;
using Kea.Testing;
using Kea.Types.Binding;
using Kea.Types.Inference;
using Kea.Types.Tests.Binding;
using Kea.Types.Tests.Inference;

namespace Kea.Types.Tests.Programs;

/// <summary>Binding and checking give the same, in the same order, whether one worker does it all or many share it.</summary>
public sealed class WorkersTests
{
    private const int Many = 8, Repetitions = 3;

    [Test]
    public void What_is_found_does_not_depend_on_the_number_of_workers()
    {
        // Every rejected program as a module of one project: hundreds of bodies, most kinds of errors.
        var modules = ProgramTests.Rejected()
            .Select((file, i) => new ModuleInput($"Rejected{i}", SyntaxParser.Parse(new SourceText(file, File.ReadAllText(Repository.Path(file)))).Value, ModuleOrigin.Project))
            .Concat(StandardLibraryTests.Parsed)
            .ToImmutableArray();
        var alone = Found(modules, workers: 1);
        Assert.That(alone.Count('\n'), Is.GreaterThan(500));
        for (var i = 0; i < Repetitions; i++) Assert.That(Found(modules, Many), Is.EqualTo(alone));
    }

    /// <summary>All diagnostics and all typed bodies as text.</summary>
    private static string Found(ImmutableArray<ModuleInput> modules, int workers)
    {
        var bound = Binder.Bind(modules, "Rejected0", workers);
        var program = ProgramChecker.Check(bound.Value, withLibrary: false, workers);
        var text = new StringBuilder();
        foreach (var diagnostic in bound.Diagnostics.Concat(program.Diagnostics)) text.Append(Checking.Print(diagnostic)).Append('\n');
        foreach (var module in program.Value.Modules)
        {
            if (module.Origin != ModuleOrigin.Project) continue;
            var functions = new List<FunctionSymbol>();
            Bodies.Of(module, functions, []);
            foreach (var function in functions)
                if (program.Value.BodyOf(function) is { } body) text.Append(function.QualifiedName).Append('\n').Append(TypedDump.Text(body)).Append('\n');
        }
        return text.ToString();
    }
}
