using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kea.Driver.Protocol;

/// <summary>What trying to reach a session gives.</summary>
public abstract record Contact
{
    private Contact() { }

    public sealed record Reached(ProtocolClient Client) : Contact;

    /// <summary>Nobody is there, or somebody else is: the session has ended.</summary>
    public sealed record Gone : Contact;

    /// <summary>Something is there and does not answer in time; it may be stopped or very busy.</summary>
    public sealed record Silent : Contact;

    /// <summary>It speaks another version of the protocol.</summary>
    public sealed record Foreign(int Protocol) : Contact;
}

/// <summary>A client's end of the protocol, for a front door that asks and waits.</summary>
public sealed class ProtocolClient : IDisposable
{
    private const int AnswerBytesMax = 256 << 20, AttemptsMax = 3;
    private static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(5), RequestTime = TimeSpan.FromSeconds(60);

    private readonly LineChannel _channel;
    private int _id;

    private ProtocolClient(LineChannel channel) => _channel = channel;

    public static Contact Connect(SessionFile file)
    {
        if (file.Protocol != ProtocolVersion.Current) return new Contact.Foreign(file.Protocol);
        for (var attempt = 0; ; attempt++)
        {
            if (Try(file) is { } contact) return contact;
            // Somebody is there and has closed: a session does so to whom it does not know yet when many come at once.
            if (attempt == AttemptsMax) return new Contact.Silent();
        }
    }

    private static Contact? Try(SessionFile file)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Contact? contact = null;
        try
        {
            using var limit = new CancellationTokenSource(HelloTime);
            socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, file.Port), limit.Token).AsTask().GetAwaiter().GetResult();
            var client = new ProtocolClient(new LineChannel(socket));
            contact = client.IsAnswer(file) ? new Contact.Reached(client) : new Contact.Gone();
        }
        catch (OperationCanceledException)
        {
            contact = new Contact.Silent();
        }
        catch (Exception e) when (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused } or ProtocolException or JsonException)
        {
            contact = new Contact.Gone();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Closed without an answer.
        }
        if (contact is not Contact.Reached) socket.Dispose();
        return contact;
    }

    /// <exception cref="ProtocolException">The session says why not.</exception>
    /// <exception cref="IOException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public JsonElement Ask(string method, string? parameters = null) => Ask(method, parameters, RequestTime);

    public void Dispose() => _channel.Dispose();

    private JsonElement Ask(string method, string? parameters, TimeSpan time)
    {
        _channel.Write(RpcText.Request(++_id, method, parameters), time, CancellationToken.None).GetAwaiter().GetResult();
        var line = _channel.Read(AnswerBytesMax, time, waits: false, CancellationToken.None).GetAwaiter().GetResult();
        return RpcText.ParseAnswer(line ?? throw new IOException("the session has ended"));
    }

    private bool IsAnswer(SessionFile file)
    {
        var hello = JsonSerializer.Serialize(new HelloParams(ProtocolVersion.Current, file.Token), ProtocolJson.Default.HelloParams);
        var result = Ask("hello", hello, HelloTime).Deserialize(ProtocolJson.Default.HelloResult);
        return result?.Answer is { } answer && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer), Encoding.UTF8.GetBytes(file.Answer));
    }
}
