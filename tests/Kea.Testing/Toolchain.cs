namespace Kea.Testing;

/// <summary>The built toolchain that end-to-end tests run, as <c>./test</c> sets it up.</summary>
public static class Toolchain
{
    /// <summary>The <c>kea</c> program itself, behind the launcher.</summary>
    public static string Program { get; } = Repository.Path(".build", "kea", "kea-cli");

    public static ProcessResult Run(IEnumerable<string> arguments, string? workingFolder = null, string input = "", int secondsMax = 60) =>
        ProcessRun.Run(Program, arguments, workingFolder, input, Environment, secondsMax);

    /// <summary>Programs of the tests report live objects at exit, with status 102.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["KEA_CHECK_LEAKS"] = "1", ["NO_COLOR"] = "1", ["DOTNET_TieredPGO"] = "0" };

    /// <summary>A new empty folder, deleted with its content at the end.</summary>
    public sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("kea-test-").FullName;
        public string Write(string name, string text)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return path;
        }
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
