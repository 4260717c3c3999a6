using System.Diagnostics;
using System.Globalization;

namespace Kea.Benchmarks.Latency;

/// <summary>A module is compiled and loaded inside a running node, whose loop calls it fully qualified.</summary>
internal sealed class ErlangContestant : Contestant
{
    private readonly Process _node;
    private readonly EditedFile _file;
    private readonly string _module;

    private ErlangContestant(string folder, int modules, int lines, string version)
    {
        Tool = $"Erlang/OTP {version}";
        (var middle, Lines) = new ErlangProject().Write(folder, modules, lines);
        _file = new EditedFile(middle, "E = D + A rem ", 2);
        _module = Path.GetFileNameWithoutExtension(middle);
        PeerTools.Run("erlc", ["driver.erl"], folder);
        _node = PeerTools.Start("erl", ["-noshell", "-s", "driver", "start"], folder);
        while (_node.StandardOutput.ReadLine() is not "ready")
            if (_node.HasExited) throw new InvalidOperationException($"the Erlang node ended: {_node.StandardError.ReadToEnd()}");
    }

    public static (Contestant?, Missing?) Find(string folder, int modules, int lines) =>
        PeerTools.Output("erl", ["-noshell", "-eval", "io:format(\"~s\", [erlang:system_info(otp_release)]), halt()."]) is { } version && PeerTools.Has("erlc")
            ? (new ErlangContestant(folder, modules, lines, version), null)
            : (null, new Missing("Erlang", "`erl` and `erlc` are not there (Debian: erlang-base)"));

    public override string Name => "Erlang, one function of a module";
    public override string Tool { get; }
    public override int Lines { get; }
    public override int EditsPerRound => 20;

    protected override Sample Edit(int number)
    {
        _file.Write((1000 + number).ToString(CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        Say(_module);
        var answer = _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the Erlang node ended: {_node.StandardError.ReadToEnd()}");
        var total = watch.Elapsed.TotalMilliseconds;
        var times = answer.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture) / 1000).ToArray();
        return new Sample(total, ("compile", times[0]), ("load", times[1]), ("until it runs", times[2]));
    }

    public override void Wake() => Say("wake");
    public override void Rest() => Say("rest");

    public override void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _node.Dispose();
    }

    private void Say(string line)
    {
        _node.StandardInput.WriteLine(line);
        _node.StandardInput.Flush();
    }
}
