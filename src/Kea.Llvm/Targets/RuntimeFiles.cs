namespace Kea.Llvm;

/// <summary>Where the CMake build has put the runtime.</summary>
/// <param name="Folder">The build folder, <c>.build/native</c> in a checkout.</param>
public sealed record RuntimeFiles(string Folder)
{
    /// <summary>For this process.</summary>
    public string SharedLibrary => Path.Combine(Folder, "lib", "libkea_runtime.so");
    /// <summary>What optimised code in this process inlines of the shared library.</summary>
    public string InlineBitcode => Path.Combine(Folder, "lib", "kea_inline.bc");
    /// <summary>For static executables: linked into the program before it is optimised.</summary>
    public string Bitcode => Path.Combine(Folder, "musl", "kea_runtime.bc");
    /// <summary>The linker's arguments, one a line, with <c>{input}</c> and <c>{output}</c>.</summary>
    public string LinkArguments => Path.Combine(Folder, "musl", "link.txt");

    /// <summary>The first of these that exists is the linker; a bare name is looked for in PATH.</summary>
    public IReadOnlyList<string> Linkers { get; init; } = ["/usr/lib/llvm-22/bin/ld.lld", "ld.lld-22"];
}
