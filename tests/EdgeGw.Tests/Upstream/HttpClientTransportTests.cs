using System.Net;
using System.Text;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Http2;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class HttpClientTransportTests
{
    private static UpstreamRequest Post2(Uri origin, params string[] pieces)
    {
        var request = new UpstreamRequest { Origin = origin, Method = "POST", Target = "/v1/x%2Fy:z?a=%20b", Http2 = true };
        request.Headers.Add(new("Content-Type", "application/json"));
        request.Headers.Add(new("X-Title", "Grüße"));
        foreach (var piece in pieces)
        {
            request.Body.Add(Encoding.UTF8.GetBytes(piece));
        }
        return request;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_arrives_as_it_is_and_the_answer_comes_back_untouched(bool http2)
    {
        var seen = new TaskCompletionSource<string>();
        await using var server = await KestrelServer.StartAsync(http2 ? HttpProtocols.Http2 : HttpProtocols.Http1, async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            seen.SetResult($"{context.Request.Method} {raw} {context.Request.Protocol} {context.Request.ContentType} {context.Request.Headers["X-Title"]} {context.Request.Headers.ContainsKey("traceparent")} {body}");
            context.Response.StatusCode = 418;
            context.Response.Headers["X-Two"] = new(["a", "b"]);
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers.SetCookie = "a=b";
            await context.Response.WriteAsync("not really gzip");
        });
        await using var transport = new HttpClientTransport(Options());
        var request = http2 ? Post2(server.Origin, "{", "}") : new UpstreamRequest { Origin = server.Origin, Method = "POST", Target = "/v1/x%2Fy:z?a=%20b" };
        if (!http2)
        {
            var same = Post2(server.Origin, "{", "}");
            request.Headers.AddRange(same.Headers);
            request.Body.AddRange(same.Body);
        }

        var response = await transport.AnswerAsync(request);

        Assert.Equal(418, response.Status);
        Assert.Equal(["a", "b"], response.Headers.Where(static h => h.Key == "X-Two" || h.Key == "x-two").Select(static h => h.Value));
        Assert.Equal(("not really gzip", UpstreamError.None), await response.ReadAllAsync());
        Assert.Equal($"POST /v1/x%2Fy:z?a=%20b HTTP/{(http2 ? "2" : "1.1")} application/json Grüße False {{}}", await seen.Task);
    }

    [Fact]
    public async Task A_piece_is_handed_on_before_the_next_one_is_sent()
    {
        var next = new SemaphoreSlim(0);
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http2, async context =>
        {
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await context.Response.WriteAsync("" + i);
                await context.Response.Body.FlushAsync();
            }
        });
        await using var transport = new HttpClientTransport(Options());

        await using var response = await transport.AnswerAsync(Post2(server.Origin, "{}"));
        for (var i = 0; i < 5; i++)
        {
            next.Release();
            var read = await response.ReadAsync(default).AsTask().WaitAsync(Patience);
            Assert.Equal("" + i, Encoding.ASCII.GetString(read.Data.Span));
        }
        Assert.True((await response.ReadAsync(default).AsTask().WaitAsync(Patience)).IsEnd);
    }

    [Theory]
    [InlineData(HttpProtocols.Http2, true)]
    [InlineData(HttpProtocols.Http2, false)]
    [InlineData(HttpProtocols.Http1, true)]
    public async Task An_abort_or_a_disposal_half_way_is_seen_by_the_provider(HttpProtocols protocol, bool abort)
    {
        var ended = new TaskCompletionSource();
        await using var server = await KestrelServer.StartAsync(protocol, async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            await context.Response.WriteAsync("hello");
            await context.Response.Body.FlushAsync();
            await ended.Task;
        });
        await using var transport = new HttpClientTransport(Options());
        var request = Post2(server.Origin, "{}");
        var response = await transport.AnswerAsync(new UpstreamRequest { Origin = request.Origin, Method = "GET", Target = "/", Http2 = protocol == HttpProtocols.Http2 });
        Assert.Equal(5, (await response.ReadAsync(default)).Data.Length);

        if (abort)
        {
            var reading = response.ReadAsync(default).AsTask();
            response.Abort();
            Assert.Equal(UpstreamError.Cancelled, (await reading.WaitAsync(Patience)).Error);
        }
        await response.DisposeAsync();

        await ended.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(HttpProtocols.Http2)]
    [InlineData(HttpProtocols.Http1)]
    public async Task A_provider_that_breaks_off_is_a_reset_and_never_complete(HttpProtocols protocol)
    {
        var read = new TaskCompletionSource();
        await using var server = await KestrelServer.StartAsync(protocol, async context =>
        {
            await context.Response.WriteAsync("hello");
            await context.Response.Body.FlushAsync();
            await read.Task;
            context.Abort();
        });
        await using var transport = new HttpClientTransport(Options());

        await using var response = await transport.AnswerAsync(new UpstreamRequest { Origin = server.Origin, Method = "GET", Target = "/", Http2 = protocol == HttpProtocols.Http2 });
        Assert.Equal(5, (await response.ReadAsync(default)).Data.Length);
        read.SetResult();

        Assert.Equal(UpstreamError.Reset, (await response.ReadAsync(default).AsTask().WaitAsync(Patience)).Error);
    }

    [Fact]
    public async Task Silence_before_the_head_is_a_first_byte_timeout_and_in_the_body_an_idle_timeout()
    {
        var time = new ManualTime();
        var arrived = new SemaphoreSlim(0);
        var done = new TaskCompletionSource();
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http2, async context =>
        {
            if (context.Request.Path == "/body")
            {
                await context.Response.WriteAsync("hello");
                await context.Response.Body.FlushAsync();
            }
            arrived.Release();
            await done.Task;
        });
        await using var transport = new HttpClientTransport(Options(time));
        var head = transport.SendAsync(new UpstreamRequest { Origin = server.Origin, Method = "GET", Target = "/head", Http2 = true }, default).AsTask();
        await arrived.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((UpstreamError.FirstByteTimeout, true), await head.WaitAsync(Patience).ContinueWith(static t => (t.Result.Error, t.Result.RequestSent), TaskScheduler.Default));

        await using var response = await transport.AnswerAsync(new UpstreamRequest { Origin = server.Origin, Method = "GET", Target = "/body", Http2 = true });
        Assert.Equal(5, (await response.ReadAsync(default)).Data.Length);
        var reading = response.ReadAsync(default).AsTask();
        time.Advance(TimeSpan.FromSeconds(21));

        Assert.Equal(UpstreamError.IdleTimeout, (await reading.WaitAsync(Patience)).Error);
        done.SetResult();
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once()
    {
        var arrived = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http2, async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            arrived.SetResult();
            await ended.Task;
        });
        await using var transport = new HttpClientTransport(Options());
        using var cancellation = new CancellationTokenSource();
        var sending = transport.SendAsync(Post2(server.Origin, "{}"), cancellation.Token).AsTask();
        await arrived.Task;

        await cancellation.CancelAsync();
        var result = await sending.WaitAsync(Patience);

        Assert.Equal((UpstreamError.Cancelled, true), (result.Error, result.RequestSent));
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Connect_and_resolve_failures_are_told_apart_with_nothing_sent()
    {
        int port;
        await using (var server = ScriptedServer.Answering(""))
        {
            port = server.Port;
        }
        await using var transport = new HttpClientTransport(Options());

        var refused = await transport.SendAsync(Post2(new Uri($"http://127.0.0.1:{port}"), "{}"), default);
        var unknown = await transport.SendAsync(Post2(new Uri("http://nowhere.invalid"), "{}"), default).AsTask().WaitAsync(Patience);
        var forbidden = await transport.SendAsync(new UpstreamRequest { Origin = new Uri($"http://127.0.0.1:{port}"), Method = "GET", Target = "/", PublicAddressOnly = true }, default);

        Assert.Equal((UpstreamError.Connect, false), (refused.Error, refused.RequestSent));
        Assert.Equal((UpstreamError.Resolve, false), (unknown.Error, unknown.RequestSent));
        Assert.Equal((UpstreamError.Resolve, false), (forbidden.Error, forbidden.RequestSent));
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_are_a_protocol_error_and_a_redirect_is_an_answer()
    {
        await using var garbage = ScriptedServer.Answering("HTTP/1.1 abc OK\r\n\r\n", close: true);
        await using var redirect = ScriptedServer.Answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        await using var transport = new HttpClientTransport(Options());

        Assert.Equal(UpstreamError.Protocol, (await transport.SendAsync(Post(garbage.Origin, "{}"), default)).Error);
        await using var response = await transport.AnswerAsync(Post(redirect.Origin, "{}"));
        Assert.Equal(302, response.Status);
    }

    [Fact]
    public async Task A_refusal_before_the_upload_is_over_is_heard()
    {
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http2, static async context =>
        {
            context.Response.StatusCode = 413;
            await context.Response.WriteAsync("too big");
        });
        await using var transport = new HttpClientTransport(Options());

        var response = await transport.AnswerAsync(Post2(server.Origin, new string('x', 20_000_000)));

        Assert.Equal(413, response.Status);
        Assert.Equal(("too big", UpstreamError.None), await response.ReadAllAsync());
    }

    [Fact]
    public async Task The_selector_takes_the_transport_that_the_request_and_the_environment_ask_for()
    {
        await using var selector = new TransportSelector(Options(), new WebProxy("http://127.0.0.1:3128") { BypassList = ["internal\\.example"] });

        Assert.IsType<EdgeGw.Upstream.Http1.Http1Transport>(selector.For(Get(new Uri("http://127.0.0.1:1"))));
        Assert.IsType<EdgeGw.Upstream.Http1.Http1Transport>(selector.For(Get(new Uri("https://internal.example"))));
        var http2 = Assert.IsType<HttpClientTransport>(selector.For(Post2(new Uri("https://internal.example"))));
        var proxied = Assert.IsType<HttpClientTransport>(selector.For(Get(new Uri("https://api.openai.com"))));
        Assert.NotSame(http2, proxied);
    }

    [Fact]
    public async Task A_proxy_is_spoken_to_in_its_own_way()
    {
        var asked = new TaskCompletionSource<string>();
        await using var proxy = new ScriptedServer(async (peer, _) =>
        {
            asked.SetResult((await peer.ReadHeadAsync())!);
            await peer.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        });
        await using var transport = new HttpClientTransport(Options(), new WebProxy(proxy.Origin));
        var request = new UpstreamRequest { Origin = new Uri("https://api.openai.com"), Method = "GET", Target = "/", PublicAddressOnly = true };

        var result = await transport.SendAsync(request, default).AsTask().WaitAsync(Patience);

        Assert.StartsWith("CONNECT api.openai.com:443 HTTP/1.1\r\n", await asked.Task, StringComparison.Ordinal);
        Assert.Equal((UpstreamError.Connect, false), (result.Error, result.RequestSent));
    }
}
