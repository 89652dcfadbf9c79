using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1TransportTests
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Request-Id: req_1\r\n\r\nhello";

    [Fact]
    public async Task A_request_goes_out_from_its_parts_with_our_framing_only()
    {
        var seen = new TaskCompletionSource<string>();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            seen.SetResult((await peer.ReadRequestAsync())!);
            await peer.SendAsync(Hello);
        });
        await using var transport = new Http1Transport(Options());
        var request = Post(server.Origin, "{\"model\":", "\"gpt-4o\"", "}");
        request.Headers.Add(new("Transfer-Encoding", "chunked"));
        request.Headers.Add(new("Host", "elsewhere"));
        request.Headers.Add(new("X-Title", "Grüße"));

        var response = await transport.AnswerAsync(request);
        var (body, error) = await response.ReadAllAsync();

        Assert.Equal(("hello", UpstreamError.None), (body, error));
        Assert.Equal(200, response.Status);
        Assert.Contains(new("X-Request-Id", "req_1"), response.Headers);
        Assert.Equal(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nContent-Type: application/json\r\nX-Title: Grüße\r\nContent-Length: 18\r\n\r\n{{\"model\":\"gpt-4o\"}}",
            await seen.Task);
    }

    public static TheoryData<string, string> GoodAnswers => new()
    {
        { Hello, "hello" },
        { "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok" },
        { "HTTP/1.1 200 \r\ncontent-length:2\r\n\r\nok", "ok" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "ok" },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Hello, "hello" },
        { "HTTP/1.1 204 No Content\r\n\r\n", "" },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=\"b\"\r\n world\r\n0\r\n\r\n", "hello world" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0005 \r\nhello\r\n0\r\nX-Sum: 1\r\nY: \r\n\r\n", "hello" },
        { "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nerr", "err" },
        { "HTTP/1.1 200 OK\r\nX: caf\u00e9\r\nContent-Length: 0\r\n\r\n", "" },
    };

    [Theory]
    [MemberData(nameof(GoodAnswers))]
    public async Task An_answer_sent_byte_by_byte_arrives_whole(string answer, string expected)
    {
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            while (await peer.ReadRequestAsync() is not null)
            {
                for (var i = 0; i < answer.Length; i++)
                {
                    await peer.SendAsync(answer[i..(i + 1)]);
                }
            }
        });
        await using var transport = new Http1Transport(Options());

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((expected, UpstreamError.None), await transport.RoundTripAsync(Post(server.Origin, "{}")));
        }
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA b: c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nnocolon\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n")]
    [InlineData("\u0015\u0003\u0001\0\u0002\u0002P")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a\rb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\nX")]
    public async Task An_answer_that_breaks_its_framing_is_a_protocol_error(string answer)
    {
        // The server keeps the connection open: the fault must be seen in the bytes, not by their end.
        await using var server = ScriptedServer.Answering(answer);
        await using var transport = new Http1Transport(Options());

        Assert.Equal(("", UpstreamError.Protocol), await transport.RoundTripAsync(Post(server.Origin, "{}")));
    }

    [Fact]
    public async Task Interim_answers_without_end_are_a_protocol_error()
    {
        await using var server = ScriptedServer.Answering(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 9)) + Hello);
        await using var transport = new Http1Transport(Options());

        Assert.Equal(UpstreamError.Protocol, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
    }

    [Theory]
    [InlineData(60 * 1024, UpstreamError.None)]
    [InlineData(70 * 1024, UpstreamError.HeadTooLarge)]
    public async Task A_head_may_have_64_KiB(int size, UpstreamError expected)
    {
        await using var server = ScriptedServer.Answering($"HTTP/1.1 200 OK\r\nX: {new string('x', size)}\r\nContent-Length: 0\r\n\r\n");
        await using var transport = new Http1Transport(Options());

        Assert.Equal(expected, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
        Assert.Equal(expected, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
    }

    [Fact]
    public async Task A_head_without_end_and_without_lines_is_too_large()
    {
        await using var server = ScriptedServer.Answering("HTTP/1.1 200 " + new string('x', 70 * 1024));
        await using var transport = new Http1Transport(Options());

        Assert.Equal(UpstreamError.HeadTooLarge, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body()
    {
        await using var server = ScriptedServer.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        await using var transport = new Http1Transport(Options());
        var head = new UpstreamRequest { Origin = server.Origin, Method = "HEAD", Target = "/" };

        Assert.Equal(("", UpstreamError.None), await transport.RoundTripAsync(head));
        Assert.Equal(1, transport.IdleConnections(head));
    }

    [Fact]
    public async Task A_body_without_length_ends_with_the_connection()
    {
        await using var server = ScriptedServer.Answering("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\ndata: 2\n\n", close: true);
        await using var transport = new Http1Transport(Options());

        Assert.Equal(("data: 1\n\ndata: 2\n\n", UpstreamError.None), await transport.RoundTripAsync(Post(server.Origin, "{}")));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", true)]
    public async Task An_answer_cut_short_is_a_reset_and_never_complete(string answer, bool hasHead)
    {
        await using var server = ScriptedServer.Answering(answer, close: true);
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default);

        Assert.Equal(hasHead, result.Response is not null);
        Assert.True(result.RequestSent);
        Assert.Equal(UpstreamError.Reset, hasHead ? (await result.Response!.ReadAllAsync()).Error : result.Error);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_reset_in_the_body_is_a_reset()
    {
        var read = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            await read.Task;
            peer.Reset();
        });
        await using var transport = new Http1Transport(Options());

        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        Assert.Equal(5, (await response.ReadAsync(default)).Data.Length);
        read.SetResult();

        Assert.Equal(UpstreamError.Reset, (await response.ReadAsync(default).AsTask().WaitAsync(Patience)).Error);
    }

    [Fact]
    public async Task A_piece_is_handed_on_before_the_next_one_is_sent()
    {
        var next = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await peer.SendAsync($"1\r\n{i}\r\n");
            }
            await peer.SendAsync("0\r\n\r\n");
        });
        await using var transport = new Http1Transport(Options());

        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        for (var i = 0; i < 5; i++)
        {
            next.Release();
            var read = await response.ReadAsync(default).AsTask().WaitAsync(Patience);
            Assert.Equal("" + i, System.Text.Encoding.ASCII.GetString(read.Data.Span));
        }
        Assert.True((await response.ReadAsync(default).AsTask().WaitAsync(Patience)).IsEnd);
    }

    [Fact]
    public async Task Chunks_that_are_already_here_come_in_one_piece()
    {
        await using var server = ScriptedServer.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat("3\r\nabc\r\n", 100)) + "0\r\n\r\n");
        await using var transport = new Http1Transport(Options());

        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));

        Assert.Equal(300, (await response.ReadAsync(default)).Data.Length);
        Assert.True((await response.ReadAsync(default)).IsEnd);
    }

    [Theory]
    [InlineData("X-A", "a\r\nX-B: b")]
    [InlineData("X-A", "a\nb")]
    [InlineData("X-A", "a\0")]
    [InlineData("X A", "a")]
    [InlineData("", "a")]
    public async Task A_header_that_could_start_a_line_is_never_sent(string name, string value)
    {
        await using var server = ScriptedServer.Answering(Hello);
        await using var transport = new Http1Transport(Options());
        var request = Post(server.Origin, "{}");
        request.Headers.Add(new(name, value));

        var result = await transport.SendAsync(request, default);

        Assert.Equal((UpstreamError.Protocol, false), (result.Error, result.RequestSent));
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a\r\nHost: x")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("/a#b")]
    [InlineData("/\u00fc")]
    public async Task A_target_that_is_none_is_never_sent(string target)
    {
        await using var transport = new Http1Transport(Options());

        Assert.Equal(UpstreamError.Protocol, (await transport.SendAsync(Get(new Uri("http://127.0.0.1:1"), target), default)).Error);
    }

    [Fact]
    public async Task Nobody_listening_is_a_connect_error_with_nothing_sent()
    {
        int port;
        await using (var server = ScriptedServer.Answering(Hello))
        {
            port = server.Port;
        }
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(new Uri($"http://127.0.0.1:{port}"), "{}"), default);

        Assert.Equal((UpstreamError.Connect, false), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_a_resolve_error_with_nothing_sent()
    {
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(new Uri("http://nowhere.invalid"), "{}"), default).AsTask().WaitAsync(Patience);

        Assert.Equal((UpstreamError.Resolve, false), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_host_that_nobody_configured_may_not_lead_into_our_own_network()
    {
        await using var server = ScriptedServer.Answering(Hello);
        await using var transport = new Http1Transport(Options());
        var request = new UpstreamRequest { Origin = server.Origin, Method = "GET", Target = "/", PublicAddressOnly = true };

        var result = await transport.SendAsync(request, default);

        Assert.Equal((UpstreamError.Resolve, false), (result.Error, result.RequestSent));
        Assert.Equal(0, server.Connections);
        // The same origin written into the configuration is allowed, and the two do not share connections.
        Assert.Equal("hello", (await transport.RoundTripAsync(Get(server.Origin))).Body);
        Assert.Equal(UpstreamError.Resolve, (await transport.SendAsync(request, default)).Error);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_like_any_other()
    {
        await using var server = ScriptedServer.Answering("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
        await using var transport = new Http1Transport(Options());

        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));

        Assert.Equal(302, response.Status);
    }
}
