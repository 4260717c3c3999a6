using Kea.Types.Binding;
using Kea.Types.Tests.Binding;

namespace Kea.Types.Tests.Inference;

/// <summary>Every body of the real library checks, without errors and without warnings.</summary>
public sealed class LibraryBodiesTests
{
    [Test]
    public void Checks_without_a_message()
    {
        var bound = Binder.Bind(StandardLibraryTests.Modules(), "Prelude");
        var checkedProgram = ProgramChecker.Check(bound.Value, withLibrary: true);
        Assert.That(checkedProgram.Diagnostics.Select(d => $"{d.Primary?.Span} {d.Code} {d.Message}"), Is.Empty);
    }
}
