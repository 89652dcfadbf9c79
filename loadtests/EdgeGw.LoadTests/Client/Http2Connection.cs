using System.Net;
using System.Net.Security;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>A caller on HTTP/2 over TLS, by the runtime's client. Direct, which speaks HTTP/1.1, is measured through the same client.</summary>
internal sealed class Http2Connection : IClientConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpMessageInvoker _client;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Uri _base;
    private readonly Version _version;

    /// <param name="version">2.0, or 1.1 where there is no HTTP/2.</param>
    public Http2Connection(IPEndPoint to, SslClientAuthenticationOptions tls, Version version)
    {
        _client = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = tls, UseProxy = false, MaxConnectionsPerServer = 1 });
        _base = new Uri($"https://{to}");
        _version = version;
    }

    public Answer Exchange(LabRequest request, EventTimes? times)
    {
        try
        {
            return ExchangeAsync(request, times).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<Answer> ExchangeAsync(LabRequest request, EventTimes? times)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, request.Path))
        {
            Version = _version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(request.Body),
        };
        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        var answer = new Answer { Sent = Clock.Now };
        using var response = await _client.SendAsync(message, patience.Token).ConfigureAwait(false);
        answer.Status = (int)response.StatusCode;
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        var lines = 0;
        while (await body.ReadAsync(_buffer, patience.Token).ConfigureAwait(false) is > 0 and var received)
        {
            answer.Bytes += received;
            lines += _buffer.AsSpan(0, received).Count((byte)'\n');
            times?.Arrived(lines / 2, Clock.Now);
        }
        answer.Ended = Clock.Now;
        answer.Events = lines / 2;
        return answer;
    }
}
