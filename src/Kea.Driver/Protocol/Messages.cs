using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kea.Driver.Protocol;

/// <summary>
/// JSON-RPC 2.0, one message a line, over a loopback connection (docs/protocol.md). Fields are only ever added within a version.
/// </summary>
public static class ProtocolVersion
{
    public const int Current = 1;
}

/// <summary>What a client asks; the first of a connection is <c>hello</c>.</summary>
/// <param name="Id">Comes back with the answer: a number, a text, or absent.</param>
public sealed record Request(JsonElement Id, string Method, JsonElement Params);

/// <summary>Why a request was not carried out.</summary>
/// <param name="code">JSON-RPC's, or one of <see cref="ErrorCode"/>.</param>
public sealed class ProtocolException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}

public static class ErrorCode
{
    public const int NotJson = -32700, NotARequest = -32600, NoSuchMethod = -32601, WrongParameters = -32602, Fault = -32603;

    /// <summary>No <c>hello</c> with the session's token.</summary>
    public const int Unauthorized = -32001;

    /// <summary>The session cannot do that now; the message says why.</summary>
    public const int NotNow = -32002;
}

public sealed record HelloParams(int Protocol, string? Token);

/// <param name="Answer">The session's own secret.</param>
public sealed record HelloResult(int Protocol, string? Answer, string Kea, int Pid, string Entry, string Folder);

/// <param name="Texts">What files would say, by path; relative ones are relative to the session's working folder. Null: what they say now.</param>
/// <param name="Sources">Whether the texts that diagnostics point into shall come with the plan.</param>
public sealed record PlanParams(Dictionary<string, string>? Texts, bool Sources)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static PlanParams? Parse(JsonElement parameters) => parameters.Deserialize(ProtocolJson.Default.PlanParams);

    public string ToJson() => JsonSerializer.Serialize(this, ProtocolJson.Default.PlanParams);
}

/// <param name="Now">Whether turns that stay in older code are ended.</param>
public sealed record PurgeParams(bool Now)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static PurgeParams? Parse(JsonElement parameters) => parameters.Deserialize(ProtocolJson.Default.PurgeParams);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SessionFile))]
[JsonSerializable(typeof(HelloParams))]
[JsonSerializable(typeof(HelloResult))]
[JsonSerializable(typeof(PlanParams))]
[JsonSerializable(typeof(PurgeParams))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
