using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1ConnectionReuseTests
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Theory]
    [InlineData(Hello, 1)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 5\r\n\r\nhello", 3)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nX", 3)]
    public async Task A_connection_is_used_again_only_after_a_clean_end(string answer, int connections)
    {
        await using var server = ScriptedServer.Answering(answer);
        await using var transport = new Http1Transport(Options());

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("hello", UpstreamError.None), await transport.RoundTripAsync(Post(server.Origin, "{}")));
        }

        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Bytes_that_come_between_two_requests_are_not_the_next_answer()
    {
        var late = new TaskCompletionSource();
        var sent = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            if (number == 0)
            {
                await late.Task;
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                sent.SetResult();
            }
            await peer.WaitForEndAsync();
        });
        await using var transport = new Http1Transport(Options());

        await transport.RoundTripAsync(Post(server.Origin, "{}"));
        late.SetResult();
        await sent.Task;

        Assert.Equal("hello", (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Body);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Connections_to_an_origin_that_is_not_kept_are_closed_when_unused_and_at_their_answers_end()
    {
        var idleEnded = new TaskCompletionSource();
        var usedEnded = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var kept = ScriptedServer.Answering(Hello);
        await using var removed = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            if (number == 0)
            {
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                await answer.Task;
                await peer.SendAsync("hello");
            }
            else
            {
                await peer.SendAsync(Hello);
            }
            await peer.WaitForEndAsync();
            (number == 0 ? usedEnded : idleEnded).TrySetResult();
        });
        await using var transport = new Http1Transport(Options());
        var underWay = await transport.AnswerAsync(Post(removed.Origin, "{}"));
        await transport.RoundTripAsync(Post(removed.Origin, "{}"));
        await transport.RoundTripAsync(Post(kept.Origin, "{}"));
        Assert.Equal(1, transport.IdleConnections(Post(kept.Origin)));

        transport.KeepOnly(new HashSet<UpstreamOrigin> { UpstreamOrigin.Of(kept.Origin, publicAddressOnly: false) });

        await idleEnded.Task.WaitAsync(Patience);
        Assert.Equal(1, transport.IdleConnections(Post(kept.Origin)));
        answer.SetResult();
        Assert.Equal(("hello", UpstreamError.None), await underWay.ReadAllAsync());
        await usedEnded.Task.WaitAsync(Patience);
        Assert.Equal("hello", (await transport.RoundTripAsync(Post(removed.Origin, "{}"))).Body);
    }

    [Fact]
    public async Task A_connection_closed_while_idle_is_noticed_before_anything_is_sent()
    {
        var closed = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            if (number == 0)
            {
                peer.Reset();
                closed.SetResult();
            }
        });
        await using var transport = new Http1Transport(Options(new ManualTime()));

        await transport.RoundTripAsync(Post(server.Origin, "{}"));
        await closed.Task;

        Assert.Equal("hello", (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Body);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_that_dies_on_the_next_request_is_replaced_once()
    {
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            await peer.ReadRequestAsync();
            if (number > 0)
            {
                await peer.SendAsync(Hello);
            }
        });
        await using var transport = new Http1Transport(Options(new ManualTime()));

        await transport.RoundTripAsync(Post(server.Origin, "{}"));

        Assert.Equal(("hello", UpstreamError.None), await transport.RoundTripAsync(Post(server.Origin, "{\"n\":", "2}")));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task When_the_second_try_fails_as_well_the_request_counts_as_sent()
    {
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            if (number == 0)
            {
                await peer.SendAsync(Hello);
                await peer.ReadRequestAsync();
            }
        });
        await using var transport = new Http1Transport(Options(new ManualTime()));
        await transport.RoundTripAsync(Post(server.Origin, "{}"));

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default);

        Assert.Equal((UpstreamError.Reset, true), (result.Error, result.RequestSent));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task When_no_new_connection_can_be_made_the_first_try_still_counts_as_sent()
    {
        ScriptedServer? server = null;
        var gone = new TaskCompletionSource();
        server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            await peer.ReadRequestAsync();
            gone.SetResult();
            server!.StopListening();
        });
        await using var _ = server;
        await using var transport = new Http1Transport(Options(new ManualTime()));
        await transport.RoundTripAsync(Post(server.Origin, "{}"));

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default);

        await gone.Task;
        Assert.Equal((UpstreamError.Connect, true), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task After_the_first_byte_of_an_answer_nothing_is_sent_again()
    {
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            await peer.ReadRequestAsync();
            await peer.SendAsync("H");
        });
        await using var transport = new Http1Transport(Options());
        await transport.RoundTripAsync(Post(server.Origin, "{}"));

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default);

        Assert.Equal((UpstreamError.Reset, true), (result.Error, result.RequestSent));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_that_dies_late_may_have_been_working_and_is_not_replaced()
    {
        var time = new ManualTime();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            await peer.ReadRequestAsync();
            time.Advance(TimeSpan.FromSeconds(3));
        });
        await using var transport = new Http1Transport(Options(time));
        await transport.RoundTripAsync(Post(server.Origin, "{}"));

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default);

        Assert.Equal((UpstreamError.Reset, true), (result.Error, result.RequestSent));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task An_answer_not_read_to_its_end_costs_the_connection_and_the_provider_sees_it()
    {
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            await peer.WaitForEndAsync();
            ended.TrySetResult();
        });
        await using var transport = new Http1Transport(Options());

        var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        await response.ReadAsync(default);
        await response.DisposeAsync();

        await ended.Task.WaitAsync(Patience);
        Assert.Equal(0, transport.IdleConnections(Get(server.Origin)));
    }

    [Fact]
    public async Task A_late_abort_does_not_touch_the_connections_next_request()
    {
        await using var server = ScriptedServer.Answering(Hello);
        await using var transport = new Http1Transport(Options());
        var first = await transport.AnswerAsync(Post(server.Origin, "{}"));
        await first.ReadAsync(default);
        await first.DisposeAsync();

        var second = await transport.AnswerAsync(Post(server.Origin, "{}"));
        first.Abort();
        await first.DisposeAsync();

        Assert.Equal(("hello", UpstreamError.None), await second.ReadAllAsync());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Idle_connections_are_closed_in_time_and_their_number_is_bounded()
    {
        var time = new ManualTime();
        var both = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            while (await peer.ReadRequestAsync() is not null)
            {
                await both.WaitAsync();
                await peer.SendAsync(Hello);
            }
        });
        await using var transport = new Http1Transport(Options(time) with { MaxIdlePerOrigin = 2 });
        var three = Enumerable.Range(0, 3).Select(_ => transport.RoundTripAsync(Get(server.Origin))).ToArray();
        both.Release(3);
        await Task.WhenAll(three);
        Assert.Equal(2, transport.IdleConnections(Get(server.Origin)));

        time.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(2, transport.IdleConnections(Get(server.Origin)));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, transport.IdleConnections(Get(server.Origin)));
    }

    [Fact]
    public async Task A_connection_is_kept_no_longer_than_the_provider_says()
    {
        var time = new ManualTime();
        await using var server = ScriptedServer.Answering("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 5\r\n\r\nhello");
        await using var transport = new Http1Transport(Options(time));
        await transport.RoundTripAsync(Get(server.Origin));

        time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal(1, transport.IdleConnections(Get(server.Origin)));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0, transport.IdleConnections(Get(server.Origin)));
    }

    [Fact]
    public async Task An_old_connection_carries_no_further_request_so_that_a_DNS_change_is_seen()
    {
        var time = new ManualTime();
        await using var server = ScriptedServer.Answering(Hello);
        await using var transport = new Http1Transport(Options(time) with { ConnectionLifetime = TimeSpan.FromSeconds(30) });
        await transport.RoundTripAsync(Get(server.Origin));
        time.Advance(TimeSpan.FromSeconds(20));
        await transport.RoundTripAsync(Get(server.Origin));
        Assert.Equal(1, server.Connections);

        time.Advance(TimeSpan.FromSeconds(11));
        await transport.RoundTripAsync(Get(server.Origin));

        Assert.Equal(2, server.Connections);
    }
}
