using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Faults;

/// <summary>Callers that send what cannot be served: a clear error, a record, and no byte of it at the provider.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;
    private EdgeGwProcess _gateway = null!;
    private string _key = null!;

    public static TheoryData<CallerDialect> Dialects => new(Enum.GetValues<CallerDialect>());

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(_provider);
        config["identity"]!["anonymous"] = false;
        config["requests"] = new JsonObject { ["max_body"] = "64KiB", ["max_header"] = "16KiB" };
        _gateway = await EdgeGwProcess.StartAsync(config);
        _key = await _gateway.AdminApi.CreateKeyAsync("caller");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        // What was refused must not have reached the provider, and no secret may have reached the log.
        Assert.Empty(_provider.Ledger.Calls);
        Assert.Empty(_provider.Ledger.Violations);
        Assert.DoesNotContain(_key, _gateway.Log.Text + _gateway.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task WrongKey_isUnauthorizedInTheCallersDialect(CallerDialect dialect) =>
        await RefusedAsync(new Call(dialect, new FakeScript { Id = "k" }) { Key = _key[..^2] + "zz" }, dialect, 401);

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task NoKey_isUnauthorizedInTheCallersDialect(CallerDialect dialect) =>
        await RefusedAsync(new Call(dialect, new FakeScript { Id = "k" }), dialect, 401);

    [Fact]
    public async Task ProvidersOwnKey_isNoWayIn() =>
        await RefusedAsync(new Call(CallerDialect.Chat, new FakeScript { Id = "k" }) { Key = FakeProvider.ApiKey }, CallerDialect.Chat, 401);

    [Fact]
    public async Task RevokedKey_isRefusedFromThatMomentOn()
    {
        var secret = await _gateway.AdminApi.CreateKeyAsync("short-lived");
        var revoked = await EdgeGwCommand.RunAsync(["keys", "revoke", "short-lived", "--config", _gateway.ConfigFile]);
        Assert.True(revoked.ExitCode == 0, revoked.All);
        await RefusedAsync(new Call(CallerDialect.Messages, new FakeScript { Id = "k" }) { Key = secret }, CallerDialect.Messages, 401);
    }

    [Fact]
    public async Task UnknownProvider_isNotFound() =>
        await RefusedAsync(new Call(CallerDialect.Chat, new FakeScript { Id = "k" }) { Key = _key, Path = "/nobody/v1/chat/completions" }, CallerDialect.Chat, 404);

    [Fact]
    public async Task ModelOfAnUnknownProvider_onTheUnifiedSurface_isNotFound() =>
        await RefusedAsync(
            new Call(CallerDialect.Chat, new FakeScript { Id = "k" }) { Key = _key, Path = "/v1/chat/completions", Model = "nobody/gpt" }, CallerDialect.Chat, 404);

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{\"model\":\"fake-gpt\",\"messages\":[")]
    [InlineData("{\"model\":7,\"messages\":[]}")]
    [InlineData("{\"messages\":[]}")]
    [InlineData("{\"model\":\"fake-gpt\",\"stream\":\"yes\",\"messages\":[]}")]
    public async Task BodyThatCannotBeRead_isABadRequest(string body)
    {
        var request = new Call(CallerDialect.Chat, new FakeScript { Id = "k" }) { Key = _key }.ToRequest(Encoding.UTF8.GetBytes(body));
        await RefusedAsync(request, CallerDialect.Chat, 400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyLargerThanAllowed_isRefusedWhetherItsLengthIsSaidOrNot(bool lengthSaid)
    {
        var call = new Call(CallerDialect.Messages, new FakeScript { Id = "k" }) { Key = _key, Prompt = new string('x', 100_000) };
        var request = call.ToRequest();
        request.Headers.TransferEncodingChunked = !lengthSaid;
        await RefusedAsync(request, CallerDialect.Messages, 413);
    }

    [Fact]
    public async Task HeadersLargerThanAllowed_areRefused()
    {
        var request = new Call(CallerDialect.Chat, new FakeScript { Id = "k" }) { Key = _key }.ToRequest();
        request.Headers.Add("x-large", new string('h', 60_000));
        using (request)
        using (var response = await _gateway.Client.SendAsync(request))
        {
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("\0\u0001\u0002 no HTTP at all \r\n\r\n")]
    public async Task RequestThatIsNoHonestHttp_getsAnErrorOrAClosedConnection(string raw)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _gateway.Data.Port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(raw), SocketFlags.None);
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var read = await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
        Assert.True(read == 0 || Encoding.Latin1.GetString(buffer, 0, read).StartsWith("HTTP/1.1 4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x-edgegw-base-url", "http://127.0.0.1:1/")]
    [InlineData("x-forwarded-host", "evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task CallerSuppliedUpstream_isNeverFollowed(string header, string value)
    {
        // Refused for its key; the point is that nothing in a request can choose where a provider's credential goes.
        var request = new Call(CallerDialect.Chat, new FakeScript { Id = "k" }).ToRequest();
        request.Headers.TryAddWithoutValidation(header, value);
        await RefusedAsync(request, CallerDialect.Chat, 401);
    }

    [Fact]
    public async Task CallerThatStopsInTheMiddleOfItsBody_leavesNothingBehind()
    {
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, _gateway.Data.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {_key}\r\nContent-Length: 1000\r\n\r\n{{\"model\":"), SocketFlags.None);
        }
        var result = await CallResult.OfAsync(_gateway.Client, new HttpRequestMessage(HttpMethod.Get, "/"));
        Assert.InRange((int)result.Status, 200, 499);
    }

    private Task RefusedAsync(Call call, CallerDialect dialect, int status) => RefusedAsync(call.ToRequest(), dialect, status);

    private async Task RefusedAsync(HttpRequestMessage request, CallerDialect dialect, int status)
    {
        var result = await CallResult.OfAsync(_gateway.Client, request);
        Assert.True(status == (int)result.Status, $"{(int)result.Status} instead of {status}: {result.Text}");
        var message = ErrorEnvelope.Check(dialect, result);
        Assert.DoesNotContain("egw_", message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeProvider.ApiKey, result.Text, StringComparison.Ordinal);
        var id = result.RequestId;
        Assert.False(string.IsNullOrEmpty(id));
        var record = await _gateway.Log.RecordAsync(each => each.Id == id, $"request {id}");
        Assert.Equal(("refused", status, 0L), (record.Outcome, record.Status, record.Cost));
    }
}
