using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>
/// A run in which saved files are taken up when the test says so, over the session's protocol: between saving and applying the plan
/// can be asked for, and afterwards what is loaded.
/// </summary>
internal sealed class SteppedRun : IDisposable
{
    /// <param name="Functions">As <c>+ added</c>, <c>- removed</c>, <c>~ changed</c>, in the order of the names.</param>
    public sealed record Planned(string Verdict, string[] Functions, JsonElement Json)
    {
        public string[] Rules => [.. Json.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("rule").GetString()!)];
    }

    private readonly WireClient _client;

    public SteppedRun(WatchedRun run, params string[] flags)
    {
        Watched = run;
        run.Begin(["--debounce=1h", .. flags]);
        _client = WireClient.Of(run);
    }

    public static SteppedRun Of(string app, params string[] flags) => new(new WatchedRun(("app.kea", app)), flags);

    public WatchedRun Watched { get; }

    public Planned Plan()
    {
        var json = _client.Result("plan");
        var functions = json.GetProperty("functions").EnumerateArray().Select(f =>
            $"{f.GetProperty("change").GetString() switch { "added" => '+', "removed" => '-', _ => '~' }} {f.GetProperty("name").GetString()}");
        return new Planned(json.GetProperty("verdict").GetString()!, [.. functions], json);
    }

    /// <summary>The outcome, and the ids of the rules that apply.</summary>
    public string Apply(string text, string name = "app.kea")
    {
        Watched.Save(text, name);
        return Apply();
    }

    public string Apply() => Outcome(_client.Result("apply"));

    public string RollBack()
    {
        Watched.Mark();
        return Outcome(_client.Result("rollback"));
    }

    public JsonElement Status() => _client.Result("status");

    public JsonElement Worlds() => _client.Result("worlds");

    public JsonElement Result(string method) => _client.Result(method);

    public void Prints(string text) => Watched.Prints(text);

    public void Dispose()
    {
        _client.Dispose();
        Watched.Dispose();
    }

    private static string Outcome(JsonElement last)
    {
        var rules = last.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("rule").GetString()!);
        return string.Join(' ', (string[])[last.GetProperty("outcome").GetString()!, .. rules.Distinct()]);
    }
}
