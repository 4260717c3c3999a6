using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Binding;
using Kea.Types.Tests.Binding;

namespace Kea.Types.Tests.Inference;

/// <summary>Text to checked program, over the real library.</summary>
internal static class Checking
{
    private static readonly ImmutableArray<ModuleInput> Standard = StandardLibraryTests.Modules();

    /// <summary>Everything that is reported about one module, in order; syntax and declarations included.</summary>
    public static (CheckedProgram Program, ImmutableArray<Diagnostic> Diagnostics) Check(string source, params ReadOnlySpan<(string Name, string Text)> others)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var modules = Standard.ToBuilder();
        foreach (var (name, text) in others) modules.Add(Parse(name, text, diagnostics));
        modules.Add(Parse("Main", source, diagnostics));
        var bound = Binder.Bind(modules.ToImmutable(), "Main");
        var program = ProgramChecker.Check(bound.Value);
        diagnostics.AddRange(bound.Diagnostics);
        diagnostics.AddRange(program.Diagnostics);
        return (program.Value, diagnostics.ToImmutable());
    }

    private static ModuleInput Parse(string name, string text, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var parsed = SyntaxParser.Parse(new SourceText($"{name}.kea", text));
        diagnostics.AddRange(parsed.Diagnostics);
        return new ModuleInput(name, parsed.Value, ModuleOrigin.Project);
    }

    /// <summary><c>E0001 2:5 message</c>, one line each.</summary>
    public static string Print(Diagnostic diagnostic)
    {
        var place = diagnostic.Primary is { Span: var span } ? $"{span.Source.Lines.LineOf(span.Span.Start) + 1}:{span.Source.Lines.ColumnOf(span.Span.Start) + 1} " : "";
        return $"{diagnostic.Code} {place}{diagnostic.Message}";
    }

    public static void Accepts(string source)
    {
        var (_, diagnostics) = Check(source);
        Assert.That(diagnostics.Where(d => d.Severity == Severity.Error).Select(Print), Is.Empty);
    }

    /// <summary>Exactly one error, with this code and text.</summary>
    public static Diagnostic Rejects(string source, string code, string fragment)
    {
        var (_, diagnostics) = Check(source);
        var errors = diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        Assert.That(errors, Has.Count.EqualTo(1), () => string.Join('\n', errors.Select(Print)));
        Assert.Multiple(() =>
        {
            Assert.That(errors[0].Code, Is.EqualTo(code));
            Assert.That(errors[0].Message, Does.Contain(fragment));
        });
        return errors[0];
    }
}
