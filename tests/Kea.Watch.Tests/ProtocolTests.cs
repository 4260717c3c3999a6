using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kea.Testing;

// The toolchain runs on Linux.
#pragma warning disable CA1416

namespace Kea.Watch.Tests;

/// <summary>The session file and the connection: who is let in, and what those who are not can do.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ProtocolTests
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static string? State(JsonElement status) => status.GetProperty("disk").GetProperty("state").GetString();

    [Test]
    public void Only_the_owner_can_read_the_session_file_and_it_goes_with_the_session()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        var session = run.SessionFile();
        var file = Directory.GetFiles(run.SessionFolder).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.GetUnixFileMode(run.SessionFolder), Is.EqualTo(OwnersFolder));
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(OwnersFile));
            Assert.That(session.GetProperty("token").GetString(), Does.Match("^[0-9a-f]{64}$").And.Not.EqualTo(session.GetProperty("answer").GetString()));
            Assert.That((session.GetProperty("pid").GetInt32(), session.GetProperty("entry").GetString()), Is.EqualTo((run.Pid, run.PathOf("app.kea"))));
        }
        Assert.That(run.Terminate(), Is.EqualTo(143));
        Assert.That(Directory.GetFiles(run.SessionFolder), Is.Empty);
    }

    [Test]
    public void A_folder_that_others_could_enter_is_closed()
    {
        using var run = new WatchedRun(("app.kea", Apps.Counting("\"a {n}\"")));
        Directory.CreateDirectory(run.SessionFolder);
        File.SetUnixFileMode(run.SessionFolder, OwnersFolder | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        run.Begin();
        run.SessionFile();
        Assert.That(File.GetUnixFileMode(run.SessionFolder), Is.EqualTo(OwnersFolder));
    }

    [Test]
    public void A_program_runs_without_a_place_for_its_session_file()
    {
        using var run = new WatchedRun(("app.kea", Apps.Counting("\"a {n}\"")));
        File.WriteAllText(run.SessionFolder, "in the way");
        run.Begin();
        run.Prints("a 1");
        run.Says("`kea status` and `kea plan` cannot reach this session: ");
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"token":"0000000000000000000000000000000000000000000000000000000000000000"}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"token":""}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"hello","params":{"token":7}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"hello"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"status","params":{}}""")]
    public void Who_does_not_know_the_token_learns_nothing(string first)
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        using var stranger = new WireClient(run.SessionFile().GetProperty("port").GetInt32());
        stranger.Send(first + "\n");
        var answer = JsonDocument.Parse(stranger.Receive()!).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32001));
            Assert.That(answer.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("the first line has to be `hello` with the session's token"));
            Assert.That(stranger.Receive(), Is.Null, "the connection is closed");
        }
        Assert.That(run.Error, Is.EqualTo(["[watch] app.kea (1 module)"]), "the terminal is not the stranger's to write on");
    }

    [Test]
    public void A_session_that_was_killed_is_cleaned_up_by_the_next_who_looks()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.SessionFile();
        run.Kill();
        Assert.That(Directory.GetFiles(run.SessionFolder), Has.Length.EqualTo(1));
        Assert.That(run.Kea(["status"]).Error, Is.EqualTo("no program is running under `kea run --watch`\n"));
        Assert.That(Directory.GetFiles(run.SessionFolder), Is.Empty);
    }

    /// <summary>The process that the file names lives, and is another one, or does not listen any more: nobody is there, or somebody who says the wrong things.</summary>
    [TestCase(false, true)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    public void A_file_that_leads_to_no_session_is_cleaned_up(bool isPortTaken, bool isSameProcess)
    {
        using var run = new WatchedRun();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (isPortTaken) _ = Task.Run(() => AnswerWrongly(listener));
        else listener.Stop();
        Directory.CreateDirectory(run.SessionFolder);
        File.WriteAllText(Path.Combine(run.SessionFolder, "left.json"), JsonSerializer.Serialize(new
        {
            protocol = 1, port, token = "t", answer = "a", pid = Environment.ProcessId, birth = isSameProcess ? Birth(Environment.ProcessId) : 1, host = Environment.MachineName, entry = "/x/app.kea", folder = "/x", started = DateTime.UtcNow,
        }));
        var result = run.Kea(["status"]);
        Assert.That((result.Status, result.Error), Is.EqualTo((1, "no program is running under `kea run --watch`\n")));
        Assert.That(Directory.GetFiles(run.SessionFolder), Is.Empty);
    }

    private static long Birth(int pid) => long.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[19]);

    /// <summary>Only whoever listens on a session's port can say that the session is gone; a stranger who makes it close connections cannot.</summary>
    [Test]
    public void A_connection_that_is_closed_without_an_answer_does_not_cost_a_session_its_file()
    {
        using var run = new WatchedRun();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(() =>
        {
            while (true) listener.AcceptTcpClient().Dispose();
        });
        Directory.CreateDirectory(run.SessionFolder);
        var file = Path.Combine(run.SessionFolder, "flooded.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            protocol = 1, port = ((IPEndPoint)listener.LocalEndpoint).Port, token = "t", answer = "a", pid = Environment.ProcessId, birth = Birth(Environment.ProcessId),
            host = Environment.MachineName, entry = "/x/app.kea", folder = "/x", started = DateTime.UtcNow,
        }));
        var result = run.Kea(["status"]);
        Assert.That((result.Status, result.Error), Is.EqualTo((1, $"/x/app.kea (pid {Environment.ProcessId}) does not answer; it may be stopped or very busy\n")));
        Assert.That(File.Exists(file));
    }

    private static void AnswerWrongly(TcpListener listener)
    {
        using var client = listener.AcceptTcpClient();
        using var reader = new StreamReader(client.GetStream());
        reader.ReadLine();
        client.GetStream().Write("""{"jsonrpc":"2.0","id":1,"result":{"protocol":1,"answer":"b","kea":"0.1.0","pid":1,"entry":"/x/app.kea","folder":"/x"}}"""u8);
        client.GetStream().Write("\n"u8);
    }

    [Test]
    public void Files_of_other_machines_and_unfinished_ones_are_left_alone()
    {
        using var run = new WatchedRun();
        Directory.CreateDirectory(run.SessionFolder);
        var (other, unfinished) = (Path.Combine(run.SessionFolder, "other.json"), Path.Combine(run.SessionFolder, "unfinished.new"));
        File.WriteAllText(other, JsonSerializer.Serialize(new { protocol = 1, port = 9, token = "t", answer = "a", pid = 1 << 30, host = "elsewhere", entry = "/x/app.kea", folder = "/x", started = DateTime.UtcNow }));
        File.WriteAllText(unfinished, "{");
        Assert.That(run.Kea(["status"]).Status, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(run.SessionFolder), Is.EquivalentTo([other, unfinished]));
        File.SetLastWriteTimeUtc(unfinished, DateTime.UtcNow.AddMinutes(-5));
        Assert.That(run.Kea(["status"]).Status, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(run.SessionFolder), Is.EquivalentTo([other]));
    }

    [Test]
    public void A_session_that_is_stopped_is_not_taken_for_dead()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.SessionFile();
        ProcessRun.Run("kill", ["-STOP", run.Pid.ToString()]);
        var result = run.Kea(["status"]);
        ProcessRun.Run("kill", ["-CONT", run.Pid.ToString()]);
        Assert.That((result.Status, result.Error), Is.EqualTo((1, $"app.kea (pid {run.Pid}) does not answer; it may be stopped or very busy\n")));
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
    }

    [Test]
    public void Hostile_clients_hold_up_neither_reloads_nor_requests_nor_the_end()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        var port = run.SessionFile().GetProperty("port").GetInt32();
        var clients = new List<WireClient>();
        for (var i = 0; i < 200; i++) clients.Add(new WireClient(port));
        for (var i = 0; i < 100; i++)
        {
            // Some of the connections have been closed to make place.
            try
            {
                clients[i + 100].Send((i % 4) switch { 0 => "\0\u0001garbage\n{}[]\n", 1 => new string('x', 100_000), 2 => "{\"jsonrpc\":", _ => "" });
            }
            catch (IOException)
            {
            }
        }
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
        Assert.That(run.Terminate(), Is.EqualTo(143));
        foreach (var client in clients) client.Dispose();
    }

    [Test]
    public void A_client_that_knows_the_token_and_does_not_read_holds_up_nobody()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        using var deaf = WireClient.Of(run);
        using var half = WireClient.Of(run);
        half.Send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sta");
        for (var i = 0; i < 50; i++) deaf.Send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}\n");
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void Wrong_requests_are_told_what_is_wrong_and_may_be_followed_by_right_ones()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        using var client = WireClient.Of(run);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.ErrorOf("no_such"), Is.EqualTo(-32601));
            Assert.That(client.ErrorOf("plan", """{"texts":7}"""), Is.EqualTo(-32602));
            Assert.That(client.ErrorOf("plan", "[]"), Is.EqualTo(-32602));
            Assert.That(client.ErrorOf("rollback"), Is.EqualTo(-32002));
        }
        client.Send("[1, 2]\n");
        Assert.That(client.Receive(), Does.Contain("-32600"));
        client.Send("not json\r\n");
        Assert.That(client.Receive(), Does.Contain("-32700").And.Contain("\"id\":null"));
        Assert.That(State(client.Result("status")), Is.EqualTo("current"));
        Assert.That(client.Result("version").GetProperty("protocol").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Apply_answers_when_the_new_code_runs()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""), "--debounce=60s");
        run.Prints("a 1");
        using var client = WireClient.Of(run);
        Assert.That(client.Result("apply").GetProperty("outcome").GetString(), Is.EqualTo("nothing"));
        run.Save(Apps.Counting("\"b {n}\""));
        var applied = client.Result("apply");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(applied.GetProperty("outcome").GetString(), Is.EqualTo("updated"));
            Assert.That(applied.GetProperty("milliseconds").GetDouble(), Is.Positive);
            Assert.That(State(client.Result("status")), Is.EqualTo("current"));
        }
        run.IsUpdatedTo("b ");
        run.Save(Apps.Counting("\"c {m}\""));
        var refused = client.Result("apply");
        Assert.That((refused.GetProperty("outcome").GetString(), refused.GetProperty("rules")[0].GetProperty("rule").GetString()), Is.EqualTo(("rejected", "L001")));
        run.Says("rejected: 1 error");
    }

    [Test]
    public void Rollback_goes_back_by_one()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        using var client = WireClient.Of(run);
        run.Mark();
        Assert.That(client.Result("rollback").GetProperty("outcome").GetString(), Is.EqualTo("taken_back"));
        run.Prints("a ");
        run.Says("rolled back");
        Assert.That(State(client.Result("status")), Is.EqualTo("rolled_back"));
    }

    [Test]
    public void Worlds_are_listed_with_who_is_in_them()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        using var client = WireClient.Of(run);
        var worlds = client.Result("worlds").GetProperty("worlds").EnumerateArray().ToArray();
        var current = worlds.Single(w => w.GetProperty("is_current").GetBoolean());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(worlds, Has.Length.EqualTo(2));
            Assert.That(current.GetProperty("holders")[0].GetProperty("kind").GetString(), Is.EqualTo("loop"));
            Assert.That(current.GetProperty("holders")[0].GetProperty("step").GetString(), Does.Contain("App.step"));
        }
    }

    [Test]
    public void Requests_during_many_reloads_see_one_version_or_the_other()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"v0 {n}\""), "--debounce=1ms");
        run.Prints("v0 ");
        using var end = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 3).Select(kind => Task.Run(() =>
        {
            using var client = WireClient.Of(run);
            var states = new HashSet<string?>();
            while (!end.IsCancellationRequested)
            {
                if (kind == 0) states.Add(State(client.Result("status")));
                else if (kind == 1) states.Add(client.Result("plan").GetProperty("verdict").GetString());
                else states.Add(client.Result("worlds").GetProperty("worlds").GetArrayLength() > 0 ? "some" : "none");
            }
            return states;
        })).ToArray();
        for (var i = 1; i <= 40; i++)
        {
            run.Save(Apps.Counting($"\"v{i} {{n}}\""));
            run.Prints($"v{i} ");
        }
        end.Cancel();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked[0].Result, Is.SubsetOf((string[])["current", "pending", "published", "refused"]));
            Assert.That(asked[1].Result, Is.SubsetOf((string[])["nothing", "swap", "rejected"]));
            Assert.That(asked[2].Result, Is.EqualTo((string[])["some"]));
        }
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }
}
