using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeGw.Upstream.Http2;

/// <summary>An answer read through the platform's handler.</summary>
internal sealed class HttpClientResponse : UpstreamResponse
{
    private const int BufferSize = 16 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly UpstreamWait _wait;
    private readonly TimeSpan _idle;
    private readonly List<KeyValuePair<string, string>> _headers = new(24);
    private byte[]? _buffer;
    private Stream? _body;
    private bool _ended;
    private UpstreamError _failure;
    private int _disposed;

    public HttpClientResponse(HttpResponseMessage response, UpstreamWait wait, TimeSpan idle)
    {
        _response = response;
        _wait = wait;
        _idle = idle;
        Collect(response.Headers.NonValidated);
        Collect(response.Content.Headers.NonValidated);
    }

    public override int Status => (int)_response.StatusCode;

    public override IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    public override ReadOnlySpan<KeyValuePair<string, string>> HeaderSpan => CollectionsMarshal.AsSpan(_headers);

    public override async ValueTask<UpstreamRead> ReadAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            return new(default, false, UpstreamError.Cancelled);
        }
        if (_failure != UpstreamError.None || _ended)
        {
            return new(default, _failure == UpstreamError.None, _failure);
        }
        _wait.Begin(_idle, UpstreamError.IdleTimeout, cancellation);
        try
        {
            _body ??= await _response.Content.ReadAsStreamAsync(_wait.Token);
            _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
            var length = await _body.ReadAsync(_buffer, _wait.Token);
            _failure = _wait.End();
            _ended = length == 0;
            return _failure != UpstreamError.None ? Fail(_failure, null) : new(_buffer.AsMemory(0, length), _ended, UpstreamError.None);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            var interruption = _wait.End();
            var (error, _, detail) = UpstreamFailure.Of(e);
            return interruption != UpstreamError.None ? Fail(interruption, null) : Fail(error == UpstreamError.None ? UpstreamError.Reset : error, detail);
        }
    }

    /// <remarks>Cancels first: disposing a half-read answer alone would try to drain it.</remarks>
    public override void Abort() => _wait.Cancel();

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (!_ended)
            {
                _wait.Cancel();
            }
            _response.Dispose();
            _wait.Dispose();
            // An array that a failed read may still hold is left to the collector.
            if (_buffer is { } buffer && _failure == UpstreamError.None && _ended)
            {
                _buffer = null;
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        return ValueTask.CompletedTask;
    }

    private UpstreamRead Fail(UpstreamError error, string? detail)
    {
        _failure = error;
        _wait.Cancel();
        return new(default, false, error, detail);
    }

    private void Collect(System.Net.Http.Headers.HttpHeadersNonValidated headers)
    {
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                _headers.Add(new(name, value));
            }
        }
    }
}
