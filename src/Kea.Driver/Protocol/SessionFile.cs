using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kea.Driver.Protocol;

/// <summary>What a session writes down so that the same user, and nobody else, can talk to it.</summary>
/// <param name="Protocol">The version of the protocol that it speaks.</param>
/// <param name="Token">What a client has to know. 256 random bits, in hexadecimal.</param>
/// <param name="Answer">What the session proves itself with: another program that has come to its port does not know it.</param>
/// <param name="Birth">When the process began, as <see cref="ProcessBirth"/> has it: process numbers are given out again.</param>
/// <param name="Host">The machine: loopback of another one is out of reach, and its processes have numbers of their own.</param>
/// <param name="Entry">Full path of the program's entry file.</param>
/// <param name="Folder">The working folder, which shown paths are relative to.</param>
public sealed record SessionFile(int Protocol, int Port, string Token, string Answer, int Pid, long Birth, string Host, string Entry, string Folder, DateTime Started)
{
    private const int SecretBytes = 32;

    public static SessionFile Of(int port, string entry) => new(
        ProtocolVersion.Current, port, Secret(), Secret(), Environment.ProcessId, ProcessBirth.Of(Environment.ProcessId) ?? 0, Environment.MachineName, Path.GetFullPath(entry), Environment.CurrentDirectory, DateTime.UtcNow);

    [JsonIgnore]
    public bool IsOfThisMachine => Host == Environment.MachineName;

    public string ToJson() => JsonSerializer.Serialize(this, ProtocolJson.Default.SessionFile);

    /// <summary>Null for text that no session wrote.</summary>
    public static SessionFile? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProtocolJson.Default.SessionFile) is { Port: > 0 and < 65536, Token.Length: > 0, Answer.Length: > 0, Entry.Length: > 0, Host: not null, Folder: not null } file ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Neither secret is part of it: records are printed in messages.</summary>
    public override string ToString() => $"{Entry} (pid {Pid})";

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
}
