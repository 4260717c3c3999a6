using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kea.Driver.Protocol;

/// <summary>JSON-RPC 2.0 messages as text.</summary>
internal static class RpcText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ProtocolException">It is not a request.</exception>
    public static Request ParseRequest(string line)
    {
        var message = Parse(line);
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String)
            throw new ProtocolException(ErrorCode.NotARequest, "a request is an object with `method`, and with `id` and `params` as needed");
        return new Request(message.TryGetProperty("id", out var id) ? id : default, method.GetString()!, message.TryGetProperty("params", out var parameters) ? parameters : default);
    }

    /// <summary>The result in an answer; the text itself if it is no answer.</summary>
    /// <exception cref="ProtocolException">The answer says what is wrong.</exception>
    public static JsonElement ParseAnswer(string line)
    {
        var message = Parse(line);
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("result", out var result)) return result;
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) && error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String)
            throw new ProtocolException(number, text.GetString()!);
        throw new ProtocolException(ErrorCode.NotARequest, "the answer is none");
    }

    public static string Request(int id, string method, string? parameters) => Write(writer =>
    {
        writer.WriteNumber("id", id);
        writer.WriteString("method", method);
        if (parameters is not null)
        {
            writer.WritePropertyName("params");
            writer.WriteRawValue(parameters);
        }
    });

    public static string Result(JsonElement id, string result) => Write(writer =>
    {
        WriteId(writer, id);
        writer.WritePropertyName("result");
        writer.WriteRawValue(result);
    });

    public static string Error(JsonElement id, int code, string message) => Write(writer =>
    {
        WriteId(writer, id);
        writer.WriteStartObject("error");
        writer.WriteNumber("code", code);
        writer.WriteString("message", message);
        writer.WriteEndObject();
    });

    private static JsonElement Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new ProtocolException(ErrorCode.NotJson, "the line is not JSON");
        }
    }

    private static void WriteId(Utf8JsonWriter writer, JsonElement id)
    {
        writer.WritePropertyName("id");
        if (id.ValueKind is JsonValueKind.Number or JsonValueKind.String) id.WriteTo(writer);
        else writer.WriteNullValue();
    }

    private static string Write(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            content(writer);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
