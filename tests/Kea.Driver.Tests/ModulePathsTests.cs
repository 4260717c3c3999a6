namespace Kea.Driver.Tests;

[TestFixture]
public sealed class ModulePathsTests
{
    [TestCase("sorted_map", "SortedMap")]
    [TestCase("io", "Io")]
    [TestCase("word-count2", "WordCount2")]
    [TestCase("2fast", "Main")]
    public void A_file_stem_names_a_module(string stem, string module) =>
        Assert.That(ModulePaths.SegmentOf(stem), Is.EqualTo(module));

    [Test]
    public void A_module_is_looked_up_in_lower_case_and_with_underscores() =>
        Assert.That(ModulePaths.CandidatesFor("Http.SortedMap"), Is.EqualTo((string[])["http/sortedmap.kea", "http/sorted_map.kea"]));

    [Test]
    public void The_nearest_src_folder_is_the_first_root() =>
        Assert.That(ModulePaths.RootsFor("/a/src/b/src/c/main.kea")[..2], Is.EqualTo((string[])["/a/src/b/src", "/a/src/b/src/c"]));

    [Test]
    public void An_entry_below_src_is_named_by_its_path() =>
        Assert.That(ModulePaths.NameOfEntry("/a/src/net/tls.kea"), Is.EqualTo("Net.Tls"));
}
