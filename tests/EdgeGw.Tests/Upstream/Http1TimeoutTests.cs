using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1TimeoutTests
{
    private const string ChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// <summary>Advances the clock in small steps until the task is done, so that it does not matter when its wait began.</summary>
    private static async Task<(T Result, TimeSpan Took)> WhileTimePassesAsync<T>(ManualTime time, Task<T> task)
    {
        var step = TimeSpan.FromMilliseconds(500);
        var took = TimeSpan.Zero;
        for (; !task.IsCompleted && took < TimeSpan.FromMinutes(5); took += step)
        {
            time.Advance(step);
            await Task.WhenAny(task, Task.Delay(2));
        }
        return (await task.WaitAsync(Patience), took);
    }

    [Fact]
    public async Task Silence_before_the_head_is_a_first_byte_timeout()
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            arrived.SetResult();
            await peer.WaitForEndAsync();
        });
        await using var transport = new Http1Transport(Options(time));
        var sending = transport.SendAsync(Post(server.Origin, "{}"), default).AsTask();
        await arrived.Task;

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.5));
        var result = await sending.WaitAsync(Patience);

        Assert.Equal((UpstreamError.FirstByteTimeout, true), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task Timeouts_of_the_request_itself_count_before_the_transports_and_for_it_alone()
    {
        var time = new ManualTime();
        using var arrived = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            arrived.Release();
            await peer.WaitForEndAsync();
        });
        await using var transport = new Http1Transport(Options(time));
        var quick = Post(server.Origin, "{}");
        quick.Timeouts = new EdgeGw.Configuration.TimeoutConfig { FirstByte = TimeSpan.FromSeconds(2) };
        var usual = transport.SendAsync(Post(server.Origin, "{}"), default).AsTask();
        var sending = transport.SendAsync(quick, default).AsTask();
        await arrived.WaitAsync();
        await arrived.WaitAsync();

        time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(UpstreamError.FirstByteTimeout, (await sending.WaitAsync(Patience)).Error);
        Assert.False(usual.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(UpstreamError.FirstByteTimeout, (await usual.WaitAsync(Patience)).Error);
    }

    [Fact]
    public async Task A_dribbled_head_is_a_first_byte_timeout_all_the_same()
    {
        var time = new ManualTime();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            for (var i = 0; i < 1000; i++)
            {
                await peer.SendAsync(i == 0 ? "HTTP/1.1 200 OK\r\n" : "X: y\r\n");
                await Task.Delay(5, CancellationToken.None);
            }
        });
        await using var transport = new Http1Transport(Options(time));

        var (result, _) = await WhileTimePassesAsync(time, transport.SendAsync(Post(server.Origin, "{}"), default).AsTask());

        Assert.Equal(UpstreamError.FirstByteTimeout, result.Error);
    }

    [Fact]
    public async Task Silence_between_two_pieces_is_an_idle_timeout()
    {
        var time = new ManualTime();
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(ChunkedHead + "5\r\nhello\r\n");
            await peer.WaitForEndAsync();
            ended.SetResult();
        });
        await using var transport = new Http1Transport(Options(time));
        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        Assert.Equal(5, (await response.ReadAsync(default)).Data.Length);

        // Time that passes while nobody waits for the provider does not count: the caller may be the slow one.
        time.Advance(TimeSpan.FromSeconds(30));
        var (read, took) = await WhileTimePassesAsync(time, response.ReadAsync(default).AsTask());

        Assert.Equal(UpstreamError.IdleTimeout, read.Error);
        Assert.InRange(took.TotalSeconds, 20, 21);
        Assert.Equal(UpstreamError.IdleTimeout, (await response.ReadAsync(default)).Error);
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task An_answer_that_never_pauses_ends_at_the_total()
    {
        var time = new ManualTime();
        var next = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(ChunkedHead);
            while (true)
            {
                await next.WaitAsync();
                await peer.SendAsync("1\r\nx\r\n");
            }
        });
        await using var transport = new Http1Transport(Options(time));
        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        for (var i = 0; i < 5; i++)
        {
            next.Release();
            Assert.Equal(1, (await response.ReadAsync(default).AsTask().WaitAsync(Patience)).Data.Length);
            time.Advance(TimeSpan.FromSeconds(11));
        }
        var reading = response.ReadAsync(default).AsTask();
        Assert.False(reading.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(UpstreamError.TotalTimeout, (await reading.WaitAsync(Patience)).Error);
    }

    [Fact]
    public async Task A_TLS_handshake_without_answer_is_a_connect_timeout_with_nothing_sent()
    {
        var time = new ManualTime();
        await using var server = new ScriptedServer(static (peer, _) => peer.WaitForEndAsync());
        await using var transport = new Http1Transport(Options(time));

        var (result, _) = await WhileTimePassesAsync(time, transport.SendAsync(Post(new Uri($"https://127.0.0.1:{server.Port}"), "{}"), default).AsTask());

        Assert.Equal((UpstreamError.ConnectTimeout, false), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_cancelled_wait_for_the_head_ends_at_once_and_the_provider_sees_it()
    {
        var arrived = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            arrived.SetResult();
            await peer.WaitForEndAsync();
            ended.SetResult();
        });
        await using var transport = new Http1Transport(Options());
        using var cancellation = new CancellationTokenSource();
        var sending = transport.SendAsync(Post(server.Origin, "{}"), cancellation.Token).AsTask();
        await arrived.Task;

        await cancellation.CancelAsync();
        var result = await sending.WaitAsync(Patience);

        Assert.Equal((UpstreamError.Cancelled, true), (result.Error, result.RequestSent));
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_token_cancelled_before_sends_nothing()
    {
        await using var server = ScriptedServer.Answering("");
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(server.Origin, "{}"), new CancellationToken(canceled: true));

        Assert.Equal((UpstreamError.Cancelled, false), (result.Error, result.RequestSent));
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_or_aborted_read_ends_at_once_and_the_provider_sees_it(bool abort)
    {
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(ChunkedHead + "5\r\nhello\r\n");
            await peer.WaitForEndAsync();
            ended.SetResult();
        });
        await using var transport = new Http1Transport(Options());
        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        await response.ReadAsync(default);
        using var cancellation = new CancellationTokenSource();
        var reading = response.ReadAsync(cancellation.Token).AsTask();

        if (abort)
        {
            response.Abort();
        }
        else
        {
            await cancellation.CancelAsync();
        }

        Assert.Equal(UpstreamError.Cancelled, (await reading.WaitAsync(Patience)).Error);
        Assert.Equal(UpstreamError.Cancelled, (await response.ReadAsync(default)).Error);
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_token_of_one_read_has_no_power_over_the_next()
    {
        var next = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(ChunkedHead + "5\r\nhello\r\n");
            await next.Task;
            await peer.SendAsync("1\r\n!\r\n0\r\n\r\n");
            await peer.WaitForEndAsync();
        });
        await using var transport = new Http1Transport(Options());
        using var cancellation = new CancellationTokenSource();
        var result = await transport.SendAsync(Post(server.Origin, "{}"), cancellation.Token);
        await using var response = result.Response!;
        await response.ReadAsync(cancellation.Token);

        await cancellation.CancelAsync();
        next.SetResult();

        Assert.Equal(1, (await response.ReadAsync(default).AsTask().WaitAsync(Patience)).Data.Length);
    }

    [Fact]
    public async Task Disposing_the_transport_ends_what_is_running()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            arrived.SetResult();
            await peer.WaitForEndAsync();
        });
        var transport = new Http1Transport(Options());
        var sending = transport.SendAsync(Post(server.Origin, "{}"), default).AsTask();
        await arrived.Task;

        await transport.DisposeAsync();

        Assert.Equal(UpstreamError.Cancelled, (await sending.WaitAsync(Patience)).Error);
    }
}
