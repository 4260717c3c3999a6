using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kea.Driver.Protocol;

/// <summary>
/// A session's end of the protocol: listens on loopback, lets in who knows the token, and passes requests on, one at a time for
/// each connection.
/// </summary>
/// <remarks>
/// Whatever a client does or fails to do is its own connection's affair: how many there are, how long their lines are, and how
/// long reading and writing take is bounded, and nobody waits for any of it.
/// </remarks>
public sealed class ProtocolServer : IDisposable
{
    private const int ConnectionsMax = 64;
    private const int HelloBytesMax = 1024, RequestBytesMax = 32 << 20;
    private static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(5), RequestTime = TimeSpan.FromSeconds(10), AnswerTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcceptAgain = TimeSpan.FromMilliseconds(100);

    private readonly Func<Request, Task<string>> _answer;
    private readonly string _kea, _path;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly LinkedList<Connection> _connections = [];

    /// <param name="entry">The program's entry file.</param>
    /// <param name="kea">The toolchain's version.</param>
    /// <param name="answer">Carries out a request and returns the result as JSON, or throws a <see cref="ProtocolException"/>. Called on any thread.</param>
    /// <exception cref="IOException">There is no place for the session file; as <see cref="SessionFolder.Write"/>, also other exceptions.</exception>
    /// <exception cref="SocketException">There is no port.</exception>
    public ProtocolServer(SessionFolder folder, string entry, string kea, Func<Request, Task<string>> answer)
    {
        (_kea, _answer) = (kea, answer);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            File = SessionFile.Of(((IPEndPoint)_listener.LocalEndPoint!).Port, entry);
            _path = folder.Write(File);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
        _ = Task.Run(Accept);
    }

    public SessionFile File { get; }

    /// <summary>Takes the session file away and drops all connections, without waiting for any.</summary>
    public void Dispose()
    {
        SessionFolder.Delete(_path);
        _end.Cancel();
        _listener.Dispose();
        lock (_gate)
        {
            foreach (var connection in _connections) connection.Channel.Dispose();
        }
    }

    private sealed class Connection(LineChannel channel)
    {
        public LineChannel Channel { get; } = channel;
        public bool IsAuthorized { get; set; }
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_end.Token).ConfigureAwait(false);
                socket.NoDelay = true;
                _ = Serve(new Connection(new LineChannel(socket)));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Such as too many open files: there may be fewer a little later.
                await Task.Delay(AcceptAgain).ConfigureAwait(false);
            }
        }
    }

    private async Task Serve(Connection connection)
    {
        if (!Admit(connection)) return;
        try
        {
            if (await Greet(connection).ConfigureAwait(false))
                while (await connection.Channel.Read(RequestBytesMax, RequestTime, waits: true, _end.Token).ConfigureAwait(false) is { } line)
                    await connection.Channel.Write(await Answer(line).ConfigureAwait(false), AnswerTime, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client is gone, too slow or too long; the connection ends below.
        }
        finally
        {
            lock (_gate) _connections.Remove(connection);
            connection.Channel.Dispose();
        }
    }

    /// <summary>Those who have not said the token make place for others, the oldest first: they cannot keep anybody out.</summary>
    private bool Admit(Connection connection)
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested || (_connections.Count >= ConnectionsMax && !DropStranger()))
            {
                connection.Channel.Dispose();
                return false;
            }
            _connections.AddLast(connection);
            return true;
        }
    }

    private bool DropStranger()
    {
        if (_connections.FirstOrDefault(c => !c.IsAuthorized) is not { } oldest) return false;
        _connections.Remove(oldest);
        oldest.Channel.Dispose();
        return true;
    }

    private async Task<bool> Greet(Connection connection)
    {
        if (await connection.Channel.Read(HelloBytesMax, HelloTime, waits: false, _end.Token).ConfigureAwait(false) is not { } line) return false;
        var id = default(JsonElement);
        string answer;
        try
        {
            var request = RpcText.ParseRequest(line);
            id = request.Id;
            answer = RpcText.Result(id, Hello(request));
            connection.IsAuthorized = true;
        }
        catch (ProtocolException e)
        {
            answer = RpcText.Error(id, e.Code, e.Message);
        }
        await connection.Channel.Write(answer, AnswerTime, _end.Token).ConfigureAwait(false);
        return connection.IsAuthorized;
    }

    /// <summary>All that is wrong with a first line is told in the same words: it says nothing about the token.</summary>
    private string Hello(Request request)
    {
        HelloParams? hello = null;
        try
        {
            if (request is { Method: "hello", Params.ValueKind: JsonValueKind.Object }) hello = request.Params.Deserialize(ProtocolJson.Default.HelloParams);
        }
        catch (JsonException)
        {
            // Not a greeting.
        }
        if (hello?.Token is not { } token || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(File.Token)))
            throw new ProtocolException(ErrorCode.Unauthorized, "the first line has to be `hello` with the session's token");
        var result = new HelloResult(ProtocolVersion.Current, File.Answer, _kea, File.Pid, File.Entry, File.Folder);
        return JsonSerializer.Serialize(result, ProtocolJson.Default.HelloResult);
    }

    private async Task<string> Answer(string line)
    {
        var id = default(JsonElement);
        try
        {
            var request = RpcText.ParseRequest(line);
            id = request.Id;
            return RpcText.Result(id, await _answer(request).WaitAsync(_end.Token).ConfigureAwait(false));
        }
        catch (ProtocolException e)
        {
            return RpcText.Error(id, e.Code, e.Message);
        }
    }
}
