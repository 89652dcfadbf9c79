using BenchmarkDotNet.Attributes;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using EdgeGw.Upstream.Http2;

namespace EdgeGw.Bench;

/// <summary>One request and answer over loopback, one at a time: our connection against the platform's handler, on the same seam.</summary>
/// <remarks>The server is a blocking thread that allocates nothing, so that the bytes shown are the client's alone.</remarks>
[InProcess]
[MemoryDiagnoser]
public class UpstreamBenchmark
{
    private UpstreamLoopback _server = null!;
    private UpstreamTransport _own = null!;
    private UpstreamTransport _platform = null!;
    private UpstreamRequest _request = null!;

    /// <summary>Pieces of the answer, each sent in its own write as one chunk; 0: a 1 KiB body with a length.</summary>
    [Params(0, 1, 101)]
    public int Chunks { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _server = new UpstreamLoopback(Chunks);
        var options = new UpstreamOptions { UseEnvironmentProxy = false };
        _own = new Http1Transport(options);
        _platform = new HttpClientTransport(options);
        _request = new UpstreamRequest { Origin = _server.Origin, Method = "POST", Target = "/v1/chat/completions" };
        _request.Headers.Add(new("Content-Type", "application/json"));
        _request.Headers.Add(new("Authorization", "Bearer sk-0123456789abcdef0123456789abcdef"));
        _request.Headers.Add(new("User-Agent", "bench"));
        _request.Headers.Add(new("Accept-Encoding", "identity"));
        _request.Body.Add(new byte[2048]);
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await _own.DisposeAsync();
        await _platform.DisposeAsync();
        _server.Dispose();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<long> HttpMessageInvoker() => RoundTripAsync(_platform);

    [Benchmark]
    public ValueTask<long> OwnConnection() => RoundTripAsync(_own);

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<long> RoundTripAsync(UpstreamTransport transport)
    {
        var result = await transport.SendAsync(_request, default);
        var response = result.Response ?? throw new InvalidOperationException($"{result.Error} {result.Detail}");
        long length = 0;
        while (true)
        {
            var read = await response.ReadAsync(default);
            if (read.Error != UpstreamError.None)
            {
                throw new InvalidOperationException(read.Error.ToString());
            }
            if (read.IsEnd)
            {
                break;
            }
            length += read.Data.Length;
        }
        await response.DisposeAsync();
        return length;
    }
}
