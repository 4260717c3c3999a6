namespace Kea.Driver;

/// <summary>Where an installed or built toolchain keeps its parts.</summary>
/// <param name="Native">The CMake build: <c>lib/libkea_runtime.so</c> and <c>musl/</c>.</param>
/// <param name="Library">Folders with the standard library, searched in order.</param>
public sealed record ToolchainPaths(string Native, IReadOnlyList<string> Library)
{
    /// <summary>Looks beside the running program and in the folders above it; for the library in <c>KEA_STDLIB_PATH</c> first.</summary>
    public static ToolchainPaths Find()
    {
        var native = "native";
        var library = new List<string>();
        if (Environment.GetEnvironmentVariable("KEA_STDLIB_PATH") is { Length: > 0 } configured) library.AddRange(configured.Split(':'));
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var found = false;
            foreach (var candidate in (string[])[Path.Combine(folder, "native"), Path.Combine(folder, ".build", "native")])
            {
                if (!File.Exists(Path.Combine(candidate, "lib", "libkea_runtime.so"))) continue;
                native = candidate;
                found = true;
            }
            var stdlib = Path.Combine(folder, "stdlib");
            if (library.Count == 0 && File.Exists(Path.Combine(stdlib, "prelude.kea"))) library.Add(stdlib);
            if (found && library.Count > 0) break;
        }
        return new ToolchainPaths(native, library);
    }
}
