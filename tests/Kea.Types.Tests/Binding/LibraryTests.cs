namespace Kea.Types.Tests.Binding;

/// <summary>The small library that the other tests stand on.</summary>
public sealed class LibraryTests
{
    [Test]
    public void Binds_without_a_message()
    {
        var bound = Library.Bind(("Main", "fn main() -> Int\n  0\n"));
        Assert.That(bound.Diagnostics, Is.Empty);
        Assert.That(bound.Value.Entry.Name, Is.EqualTo("Main"));
    }
}
