using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Faults;

/// <summary>Providers that hang, reset, lie and flood: the caller gets a clear error in time, the books stay whole, memory stays small.</summary>
public sealed class UpstreamFaultTests : IAsyncLifetime
{
    private const string Budget = "all";
    private FakeProvider _provider = null!;
    private EdgeGwProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _gateway = await StartAsync(_provider.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData(CallerDialect.Chat, FakeFailure.ResetHead, 502)]
    [InlineData(CallerDialect.Messages, FakeFailure.ResetHead, 502)]
    [InlineData(CallerDialect.Gemini, FakeFailure.ResetHead, 502)]
    [InlineData(CallerDialect.Responses, FakeFailure.ResetHead, 502)]
    [InlineData(CallerDialect.Chat, FakeFailure.HangHead, 504)]
    [InlineData(CallerDialect.Messages, FakeFailure.HangHead, 504)]
    [InlineData(CallerDialect.Gemini, FakeFailure.HangHead, 504)]
    public async Task FailureBeforeTheHead_isAClearErrorInTheCallersDialect(CallerDialect dialect, FakeFailure failure, int status)
    {
        var call = new Call(dialect, new FakeScript { Id = $"{dialect}-{failure}", Fail = failure });
        var result = await CallResult.OfAsync(_gateway.Client, call);
        Assert.Equal(status, (int)result.Status);
        ErrorEnvelope.Check(dialect, result);
        AssertNothingLeaked(result);
        await AssertRecordedAsync(call, status);
    }

    [Theory]
    [InlineData(CallerDialect.Chat, FakeFailure.ResetBody)]
    [InlineData(CallerDialect.Chat, FakeFailure.HangBody)]
    [InlineData(CallerDialect.Responses, FakeFailure.HangBody)]
    [InlineData(CallerDialect.Messages, FakeFailure.ResetBody)]
    [InlineData(CallerDialect.Messages, FakeFailure.HangBody)]
    [InlineData(CallerDialect.Gemini, FakeFailure.HangBody)]
    public async Task FailureInTheMiddleOfAStream_isVisibleAndWhatPassedIsPaid(CallerDialect dialect, FakeFailure failure)
    {
        var call = new Call(dialect, new FakeScript { Id = $"{dialect}-{failure}", Input = 200, Output = 100, Chunks = 100, FailAt = 40, Fail = failure, Pace = 1 }) { Stream = true };
        var result = await CallResult.OfAsync(_gateway.Client, call);
        Assert.Equal(200, (int)result.Status);
        // Either the connection breaks or an error event says so; an answer that just ends would pass for a whole one.
        Assert.True(result.Broken is not null || result.Text.Contains("error", StringComparison.Ordinal), result.Text);
        AssertNothingLeaked(result);
        var record = await AssertRecordedAsync(call, 200);
        Assert.True(record.Output >= 35 && record.Input > 0 && record.Cost > 0, record.ToString());
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Gemini)]
    public async Task GarbageInTheMiddleOfAStream_passesThroughAndTheRestIsStillCounted(CallerDialect dialect)
    {
        var call = new Call(dialect, new FakeScript { Id = $"garbage-{dialect}", Input = 60, Output = 40, Chunks = 8, Fail = FakeFailure.Garbage })
        {
            Stream = true,
            IncludeUsage = dialect == CallerDialect.Chat ? true : null,
        };
        var result = await CallResult.OfAsync(_gateway.Client, call);
        Assert.Null(result.Broken);
        Assert.True(result.Body.Length > 3000);
        var record = await _gateway.Log.RecordOfCallAsync(call.Script.Id!);
        Assert.Equal((60, 40), (record.Input, record.Output));
        Assert.Equal(Prices.Cost(_provider.Ledger[call.Script.Id!]), record.Cost);
    }

    [Fact]
    public async Task TenMegabyteEvents_manyAtOnce_passThroughInBoundedMemory()
    {
        // 80 MB on a busy machine take longer than the others' timeouts allow.
        await using var gateway = await StartAsync(_provider.BaseUrl, shortTimeouts: false);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async index =>
        {
            var dialect = (CallerDialect)(index % 4);
            var call = new Call(dialect, new FakeScript { Id = $"big{index}", Input = 60, Output = 40, Chunks = 4, Fail = FakeFailure.BigEvent }) { Stream = true };
            var result = await CallResult.OfAsync(gateway.Client, call);
            Assert.Null(result.Broken);
            Assert.True(result.Body.Length > 10_000_000);
            var record = await gateway.Log.RecordOfCallAsync(call.Script.Id!);
            Assert.Equal((60, 40), (record.Input, record.Output));
        }));
        Assert.InRange(ProcessMemory.Peak(gateway.Process), 1, 250L << 20);
    }

    [Theory]
    [InlineData(RawFault.CloseWithoutAnswer)]
    [InlineData(RawFault.ResetWithoutAnswer)]
    [InlineData(RawFault.ResetInTheHead)]
    [InlineData(RawFault.NoHttp)]
    [InlineData(RawFault.HugeHead)]
    [InlineData(RawFault.TwoLengths)]
    public async Task BrokenHttpBeforeTheBody_isABadGateway(RawFault fault)
    {
        await using var raw = new RawProvider(fault);
        await using var gateway = await StartAsync(raw.BaseUrl);
        var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = "raw" }));
        Assert.Equal(HttpStatusCode.BadGateway, result.Status);
        ErrorEnvelope.Check(CallerDialect.Chat, result);
        AssertNothingLeaked(result);
        var record = await gateway.Log.RecordOfCallAsync("raw");
        Assert.Equal("upstream_failed", record.Outcome);
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(Budget));
        Assert.InRange(ProcessMemory.Peak(gateway.Process), 1, 200L << 20);
    }

    [Theory]
    [InlineData(RawFault.ShortBody)]
    [InlineData(RawFault.BadChunkSize)]
    [InlineData(RawFault.HugeChunkSize)]
    public async Task BrokenHttpInTheBody_isNotPassedOffAsAWholeAnswer(RawFault fault)
    {
        await using var raw = new RawProvider(fault);
        await using var gateway = await StartAsync(raw.BaseUrl);
        var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = "raw" }) { Stream = fault != RawFault.ShortBody });
        Assert.True(result.Broken is not null || (int)result.Status == 502 || result.Text.Contains("\"error\"", StringComparison.Ordinal), result.Text);
        var record = await gateway.Log.RecordOfCallAsync("raw");
        Assert.Equal("upstream_failed", record.Outcome);
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task ProviderThatIsNotThere_costsNothing()
    {
        await using var gateway = await StartAsync(new Uri($"http://127.0.0.1:{FreePorts.Next()}"));
        var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Messages, new FakeScript { Id = "nobody" }));
        Assert.Equal(HttpStatusCode.BadGateway, result.Status);
        ErrorEnvelope.Check(CallerDialect.Messages, result);
        var record = await gateway.Log.RecordOfCallAsync("nobody");
        Assert.Equal(("upstream_failed", 0L), (record.Outcome, record.Cost));
        Assert.Equal(0, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Theory]
    [InlineData(CallerDialect.Chat, 429)]
    [InlineData(CallerDialect.Messages, 529)]
    [InlineData(CallerDialect.Gemini, 500)]
    public async Task ProvidersOwnError_passesThroughAsItIsAndCostsNothing(CallerDialect dialect, int status)
    {
        var call = new Call(dialect, new FakeScript { Id = $"own-{dialect}", Fail = FakeFailure.Status, Status = status });
        var result = await CallResult.OfAsync(_gateway.Client, call);
        Assert.Equal(status, (int)result.Status);
        Assert.Contains("fake failure", result.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await _gateway.Log.RecordOfCallAsync(call.Script.Id!)).Cost);
    }

    private static Task<EdgeGwProcess> StartAsync(Uri provider, bool shortTimeouts = true)
    {
        var config = GatewayConfig.For(provider);
        if (shortTimeouts)
        {
            config["timeouts"] = new JsonObject { ["connect"] = "2s", ["first_byte"] = "1500ms", ["idle"] = "1500ms" };
        }
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 1_000_000));
        return EdgeGwProcess.StartAsync(config);
    }

    private async Task<RequestRecord> AssertRecordedAsync(Call call, int status)
    {
        var record = await _gateway.Log.RecordOfCallAsync(call.Script.Id!);
        Assert.Equal(("upstream_failed", status), (record.Outcome, record.Status));
        Assert.False(string.IsNullOrEmpty(record.Error));
        Assert.Equal(_gateway.Log.Records.Sum(each => each.Cost), await _gateway.AdminApi.SettledAsync(Budget));
        return record;
    }

    private void AssertNothingLeaked(CallResult result)
    {
        var shown = result.Text + result.Response.Headers;
        Assert.DoesNotContain(FakeProvider.ApiKey, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeProvider.ApiKey, _gateway.Log.Text + _gateway.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_provider.BaseUrl.Authority, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", shown, StringComparison.Ordinal);
    }
}
