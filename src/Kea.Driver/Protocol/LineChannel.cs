using System.Net.Sockets;
using System.Text;

namespace Kea.Driver.Protocol;

/// <summary>Lines of bounded length over a connection, each within a bounded time.</summary>
/// <remarks>One reader and one writer at a time.</remarks>
internal sealed class LineChannel(Socket socket) : IDisposable
{
    private const int FirstBytes = 1024;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private byte[] _buffer = new byte[FirstBytes];
    private int _length, _searched;

    /// <summary>The next line without its end; null at the end of the connection.</summary>
    /// <param name="bytesMax">A longer line is an <see cref="IOException"/>.</param>
    /// <param name="time">Counted from the first byte of the line, or from now if <paramref name="waits"/> is false.</param>
    /// <param name="waits">Whether the line may begin at any time.</param>
    /// <exception cref="OperationCanceledException">The time is over, or the token says so.</exception>
    public async Task<string?> Read(int bytesMax, TimeSpan time, bool waits, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        if (!waits || _length > 0) limit.CancelAfter(time);
        var isTimed = !waits || _length > 0;
        while (true)
        {
            if (_buffer.AsSpan(_searched, _length - _searched).IndexOf((byte)'\n') is >= 0 and var at) return Take(_searched + at);
            _searched = _length;
            if (_length > bytesMax) throw new IOException("the line is too long");
            if (_length == _buffer.Length) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, bytesMax + FirstBytes));
            var read = await _stream.ReadAsync(_buffer.AsMemory(_length), limit.Token).ConfigureAwait(false);
            if (read == 0) return null;
            _length += read;
            if (isTimed) continue;
            isTimed = true;
            limit.CancelAfter(time);
        }
    }

    public async Task Write(string line, TimeSpan time, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(time);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), limit.Token).ConfigureAwait(false);
    }

    public void Dispose() => _stream.Dispose();

    private string Take(int end)
    {
        var line = Encoding.UTF8.GetString(_buffer, 0, end > 0 && _buffer[end - 1] == '\r' ? end - 1 : end);
        _length -= end + 1;
        Array.Copy(_buffer, end + 1, _buffer, 0, _length);
        _searched = 0;
        // A long request does not stay in memory for as long as its client does.
        if (_buffer.Length > FirstBytes && _length <= FirstBytes) Array.Resize(ref _buffer, FirstBytes);
        return line;
    }
}
