using System.Security.Cryptography;
using System.Text;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1UploadTests
{
    private static readonly int[] Sizes = [0, 1, 16 * 1024 - 200, 32 * 1024, 32 * 1024 + 1, 100_000, 5_000_000];

    [Fact]
    public async Task A_body_of_any_size_and_cut_arrives_as_it_was()
    {
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            while (await peer.ReadRequestAsync() is { } request)
            {
                var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
                var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
                await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{hash}");
            }
        });
        await using var transport = new Http1Transport(Options());
        foreach (var size in Sizes)
        {
            foreach (var pieces in new[] { 1, 3 })
            {
                var text = string.Create(size, 0, static (span, _) =>
                {
                    for (var i = 0; i < span.Length; i++)
                    {
                        span[i] = (char)('a' + (i * 7 + i / 1000) % 26);
                    }
                });
                var cut = text.Chunk(Math.Max(1, (size + pieces - 1) / pieces)).Select(static c => new string(c)).ToArray();

                var (hash, error) = await transport.RoundTripAsync(Post(server.Origin, cut));

                Assert.Equal((Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))), UpstreamError.None), (hash, error));
            }
        }
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_refusal_before_the_upload_is_over_is_heard_and_the_connection_not_used_again()
    {
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 7\r\n\r\ntoo big");
            if (number == 0)
            {
                // The rest is neither read nor refused: the client must not wait for its own upload.
                await ended.Task;
            }
        });
        await using var transport = new Http1Transport(Options());
        var request = Post(server.Origin, new string('x', 20_000_000));

        var response = await transport.AnswerAsync(request);
        Assert.Equal(413, response.Status);
        Assert.Equal(("too big", UpstreamError.None), await response.ReadAllAsync());

        Assert.Equal(0, transport.IdleConnections(request));
        ended.SetResult();
    }

    [Fact]
    public async Task A_success_before_the_upload_is_over_lets_it_finish()
    {
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await peer.ReadExactlyAsync(20_000_000);
            await peer.SendAsync("2\r\nok\r\n0\r\n\r\n");
            await peer.WaitForEndAsync();
        });
        await using var transport = new Http1Transport(Options());
        var request = Post(server.Origin, new string('x', 20_000_000));

        Assert.Equal(("ok", UpstreamError.None), await transport.RoundTripAsync(request));
        Assert.Equal(1, transport.IdleConnections(request));
    }

    [Fact]
    public async Task A_provider_that_resets_during_the_upload_is_a_reset_that_counts_as_sent()
    {
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadHeadAsync();
            peer.Reset();
        });
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(server.Origin, new string('x', 20_000_000)), default).AsTask().WaitAsync(Patience);

        Assert.Equal((UpstreamError.Reset, true), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_stalled_upload_ends_with_the_first_byte_timeout()
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadHeadAsync();
            arrived.SetResult();
            await done.Task;
        });
        await using var transport = new Http1Transport(Options(time));
        var sending = transport.SendAsync(Post(server.Origin, new string('x', 20_000_000)), default).AsTask();
        await arrived.Task;

        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(UpstreamError.FirstByteTimeout, (await sending.WaitAsync(Patience)).Error);
        done.SetResult();
    }
}
