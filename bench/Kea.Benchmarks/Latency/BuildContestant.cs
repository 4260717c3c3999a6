using System.Diagnostics;
using System.Globalization;

namespace Kea.Benchmarks.Latency;

/// <summary>A project that is built again after an edit, and started: what it said before is lost.</summary>
internal sealed class BuildContestant : Contestant
{
    private readonly string _folder, _program, _result;
    private readonly string[] _arguments;
    private readonly EditedFile _file;

    private BuildContestant(string name, string tool, string folder, PeerProject project, int modules, int lines, string mark, string program, string[] arguments, string result)
    {
        (Name, Tool, _folder, _program, _arguments, _result) = (name, tool, folder, program, arguments, Path.Combine(folder, result));
        (var middle, Lines) = project.Write(folder, modules, lines);
        _file = new EditedFile(middle, mark, 2);
        PeerTools.Run(program, arguments, folder);
    }

    public static (Contestant?, Missing?) FindGo(string folder, int modules, int lines) =>
        PeerTools.Output("go", ["version"]) is { } version
            ? (new BuildContestant("Go, `go build` and start", version.Replace("go version ", ""), folder, new GoProject(), modules, lines, "d + a%", "go", ["build", "-o", "bench.out", "."], "bench.out"), null)
            : (null, new Missing("Go", "`go` is not there (Debian: golang-go)"));

    public static (Contestant?, Missing?) FindRust(string folder, int modules, int lines) =>
        PeerTools.Output("rustc", ["--version"]) is { } version && PeerTools.Has("cargo")
            ? (new BuildContestant("Rust, incremental `cargo build` and start", version.Split(" (")[0], folder, new RustProject(), modules, lines, "d + a % ", "cargo", ["build", "--quiet", "--offline"], "target/debug/bench"), null)
            : (null, new Missing("Rust", "`rustc` and `cargo` are not there (Debian: rustc, cargo; or rustup)"));

    public override string Name { get; }
    public override string Tool { get; }
    public override int Lines { get; }
    public override int EditsPerRound => 1;

    protected override Sample Edit(int number)
    {
        _file.Write((1000 + number).ToString(CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        PeerTools.Run(_program, _arguments, _folder);
        var build = watch.Elapsed.TotalMilliseconds;
        var start = PeerTools.UntilFirstLine(_result, _folder);
        return new Sample(build + start, ("build", build), ("start to first output", start));
    }

    public override void Dispose() { }
}
