using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Testing;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Binding;

/// <summary>The real library binds without a message.</summary>
public sealed class StandardLibraryTests
{
    /// <summary>The parsed library; trees are immutable.</summary>
    public static readonly ImmutableArray<ModuleInput> Parsed = Modules();

    public static ImmutableArray<ModuleInput> Modules()
    {
        var modules = ImmutableArray.CreateBuilder<ModuleInput>();
        foreach (var file in Directory.EnumerateFiles(Repository.Path("stdlib"), "*.kea").Order(StringComparer.Ordinal))
        {
            var stem = Path.GetFileNameWithoutExtension(file);
            var tree = SyntaxParser.Parse(new SourceText(Path.GetFileName(file), File.ReadAllText(file)));
            modules.Add(new ModuleInput(NameOf(stem), tree.Value, ModuleOrigin.Standard));
        }
        return modules.ToImmutable();
    }

    /// <summary><c>sorted_map</c> is <c>SortedMap</c>; capabilities keep their spelling.</summary>
    private static string NameOf(string stem) => stem == "io"
        ? "IO"
        : string.Concat(stem.Split('_').Select(p => char.ToUpperInvariant(p[0]) + p[1..]));

    [Test]
    public void Binds_without_a_message()
    {
        var bound = Binder.Bind(Parsed, "Prelude");
        Assert.That(bound.Diagnostics.Select(d => $"{d.Primary?.Span} {d.Code} {d.Message}"), Is.Empty);
    }
}
