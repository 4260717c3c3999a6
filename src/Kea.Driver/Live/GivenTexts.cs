using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>Sources of which some say what is given, as in an editor that has not saved them; the others say what they say.</summary>
/// <param name="texts">By full path.</param>
internal sealed class GivenTexts(ISourceFiles files, IReadOnlyDictionary<string, string> texts) : ISourceFiles
{
    public bool Exists(string path) => texts.ContainsKey(Path.GetFullPath(path)) || files.Exists(path);

    public ReadResult Read(string path, string shownPath) =>
        texts.TryGetValue(Path.GetFullPath(path), out var text) ? new(new SourceText(shownPath, text), null) : files.Read(path, shownPath);
}
