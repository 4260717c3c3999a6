using System.Text;
using Kea.Source;

namespace Kea.Driver;

/// <summary>What reading a source file gave: the text, or one sentence that says why not.</summary>
public readonly record struct ReadResult(SourceText? Source, string? Problem);

/// <summary>Where sources come from. An editor or a test may stand between the compiler and the disk.</summary>
public interface ISourceFiles
{
    /// <summary>Whether something has this name; a folder too, which reading then says.</summary>
    bool Exists(string path);

    /// <param name="shownPath">How diagnostics name the file.</param>
    ReadResult Read(string path, string shownPath);
}

/// <summary>Sources on disk. UTF-8 only; a byte order mark is skipped.</summary>
public sealed class DiskFiles : ISourceFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public bool Exists(string path) => Path.Exists(path);

    public ReadResult Read(string path, string shownPath)
    {
        try
        {
            if (Directory.Exists(path)) return new(null, $"`{shownPath}` is a directory, not a source file");
            var bytes = File.ReadAllBytes(path).AsSpan();
            if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
            return new(new SourceText(shownPath, Strict.GetString(bytes)), null);
        }
        catch (DecoderFallbackException e)
        {
            return new(null, $"`{shownPath}` is not valid UTF-8 (byte {e.Index})");
        }
        catch (FileNotFoundException)
        {
            return new(null, $"cannot find `{shownPath}`");
        }
        catch (DirectoryNotFoundException)
        {
            return new(null, $"cannot find `{shownPath}`");
        }
        catch (UnauthorizedAccessException)
        {
            return new(null, $"no permission to read `{shownPath}`");
        }
        catch (IOException e)
        {
            return new(null, $"cannot read `{shownPath}`: {e.Message.Split(" : ")[0]}");
        }
    }
}
