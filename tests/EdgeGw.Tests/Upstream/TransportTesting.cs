using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Upstream;

namespace EdgeGw.Tests.Upstream;

/// <summary>What the transport tests share.</summary>
internal static class TransportTesting
{
    /// <summary>How long a test waits for what must happen: only ever reached by a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Short waits on a clock of the test's own; on the real one, long enough never to be reached on a busy machine.</summary>
    public static UpstreamOptions Options(TimeProvider? clock = null) => new()
    {
        UseEnvironmentProxy = false,
        Clock = clock ?? TimeProvider.System,
        Timeouts = clock is null ? new TimeoutConfig() : new TimeoutConfig
        {
            Connect = TimeSpan.FromSeconds(5),
            FirstByte = TimeSpan.FromSeconds(10),
            Idle = TimeSpan.FromSeconds(20),
            Total = TimeSpan.FromSeconds(60),
        },
    };

    public static UpstreamRequest Get(Uri origin, string target = "/") => new() { Origin = origin, Method = "GET", Target = target };

    public static UpstreamRequest Post(Uri origin, params string[] pieces)
    {
        var request = new UpstreamRequest { Origin = origin, Method = "POST", Target = "/v1/chat/completions" };
        request.Headers.Add(new("Content-Type", "application/json"));
        foreach (var piece in pieces)
        {
            request.Body.Add(Encoding.UTF8.GetBytes(piece));
        }
        return request;
    }

    public static async Task<UpstreamResponse> AnswerAsync(this UpstreamTransport transport, UpstreamRequest request)
    {
        var result = await transport.SendAsync(request, default).AsTask().WaitAsync(Patience);
        Assert.True(result.Response is not null, $"{result.Error}: {result.Detail}");
        return result.Response;
    }

    /// <summary>Reads to the end or the first error, and disposes.</summary>
    public static async Task<(string Body, UpstreamError Error)> ReadAllAsync(this UpstreamResponse response)
    {
        await using (response)
        {
            var body = new MemoryStream();
            while (true)
            {
                var read = await response.ReadAsync(default).AsTask().WaitAsync(Patience);
                if (read.IsEnd || read.Error != UpstreamError.None)
                {
                    Assert.True(read.Data.IsEmpty);
                    return (Encoding.Latin1.GetString(body.ToArray()), read.Error);
                }
                Assert.False(read.Data.IsEmpty);
                body.Write(read.Data.Span);
            }
        }
    }

    public static async Task<(string Body, UpstreamError Error)> RoundTripAsync(this UpstreamTransport transport, UpstreamRequest request)
    {
        var result = await transport.SendAsync(request, default).AsTask().WaitAsync(Patience);
        return result.Response is null ? ("", result.Error) : await result.Response.ReadAllAsync();
    }
}
