using Kea.Testing;

namespace Kea.Syntax.Tests;

/// <summary>Every Kea program of the repository; mutations start from these.</summary>
internal static class Corpus
{
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
        [.. Repository.KeaFiles.Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)))];
}
