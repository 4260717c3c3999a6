namespace Kea.Llvm;

/// <summary>The 64-bit processors that LLVM 22 knows. LLVM itself ends the process on a name it cannot make 64-bit code for, and no function of its C interface answers the question.</summary>
public static class ProcessorNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "native",
        "alderlake", "amdfam10", "arrowlake", "arrowlake-s", "athlon-fx", "athlon64", "athlon64-sse3", "atom", "barcelona",
        "bdver1", "bdver2", "bdver3", "bdver4", "bonnell", "broadwell", "btver1", "btver2", "cannonlake", "cascadelake",
        "clearwaterforest", "cooperlake", "core-avx-i", "core-avx2", "core2", "corei7", "corei7-avx", "diamondrapids",
        "emeraldrapids", "goldmont", "goldmont-plus", "gracemont", "grandridge", "graniterapids", "graniterapids-d", "haswell",
        "icelake-client", "icelake-server", "ivybridge", "k8", "k8-sse3", "lunarlake", "meteorlake", "nehalem", "nocona",
        "novalake", "opteron", "opteron-sse3", "pantherlake", "penryn", "raptorlake", "rocketlake", "sandybridge",
        "sapphirerapids", "sierraforest", "silvermont", "skx", "skylake", "skylake-avx512", "slm", "tigerlake", "tremont",
        "westmere", "wildcatlake", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4", "znver1", "znver2", "znver3", "znver4",
        "znver5",
    ];
}
