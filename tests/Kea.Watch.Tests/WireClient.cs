using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>Lines to and from a session, with nothing of the toolchain's own client in it.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp = new();
    private readonly StreamReader _reader;
    private int _id;

    public WireClient(int port)
    {
        _tcp.Connect(IPAddress.Loopback, port);
        _tcp.ReceiveTimeout = _tcp.SendTimeout = (int)Patience.TotalMilliseconds;
        _reader = new StreamReader(_tcp.GetStream(), new UTF8Encoding(false));
    }

    /// <summary>Connects with the token that the session file has.</summary>
    public static WireClient Of(WatchedRun run)
    {
        var session = run.SessionFile();
        var client = new WireClient(session.GetProperty("port").GetInt32());
        var hello = client.Ask("hello", $$"""{"protocol":1,"token":"{{session.GetProperty("token").GetString()}}"}""");
        Assert.That(hello.GetProperty("result").GetProperty("answer").GetString(), Is.EqualTo(session.GetProperty("answer").GetString()));
        return client;
    }

    public void Send(string text) => _tcp.GetStream().Write(Encoding.UTF8.GetBytes(text));

    /// <summary>The next line; null when the session has closed the connection.</summary>
    public string? Receive()
    {
        try
        {
            return _reader.ReadLine();
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return null;
        }
    }

    /// <summary>The whole answer.</summary>
    public JsonElement Ask(string method, string parameters = "{}")
    {
        var id = ++_id;
        Send($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""" + "\n");
        var answer = JsonDocument.Parse(Receive() ?? throw new AssertionException($"the session closed the connection at `{method}`")).RootElement;
        Assert.That(answer.GetProperty("id").GetInt32(), Is.EqualTo(id));
        return answer;
    }

    public JsonElement Result(string method, string parameters = "{}")
    {
        var answer = Ask(method, parameters);
        return answer.TryGetProperty("result", out var result) ? result : throw new AssertionException($"{method}: {answer}");
    }

    public int ErrorOf(string method, string parameters = "{}") => Ask(method, parameters).GetProperty("error").GetProperty("code").GetInt32();

    public void Dispose()
    {
        _reader.Dispose();
        _tcp.Dispose();
    }
}
