using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Streams of a provider that goes on beyond the cap that it was given.</summary>
public sealed class HardBudgetTests : IAsyncLifetime
{
    /// <summary>Room for the hold of a call with <see cref="Cap"/> and once more, far from what the provider would generate.</summary>
    private const decimal Dollars = 0.006m;

    private const int Cap = 100;

    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [InlineData(CallerDialect.Chat, false)]
    [InlineData(CallerDialect.Chat, true)]
    [InlineData(CallerDialect.Responses, false)]
    [InlineData(CallerDialect.Responses, true)]
    [InlineData(CallerDialect.Messages, false)]
    [InlineData(CallerDialect.Messages, true)]
    [InlineData(CallerDialect.Gemini, false)]
    [InlineData(CallerDialect.Gemini, true)]
    public async Task StreamBeyondAHardBudget_isEndedBehindAWholeEvent_withAnErrorThatNamesTheBudget(CallerDialect dialect, bool split)
    {
        await using var gateway = await StartAsync(Hard("purse", Dollars));
        var result = await CallResult.OfAsync(gateway.Client, Endless(dialect, "endless") with { Script = Script("endless", split) });

        Assert.Null(result.Broken);
        Assert.Equal(HttpStatusCode.OK, result.Status);
        Assert.True(result.Response.TrailingHeaders.Contains("x-edgegw-cost-usd"));
        var events = DataOf(result.Text);
        if (dialect == CallerDialect.Chat)
        {
            Assert.Equal("[DONE]", events[^1]);
            events.RemoveAt(events.Count - 1);
        }
        // Every event before it is whole, and there are many.
        Assert.All(events, static data => JsonDocument.Parse(data).Dispose());
        Assert.InRange(events.Count, 20, 500);
        using var last = JsonDocument.Parse(events[^1]);
        Assert.Contains("budget_exhausted", last.RootElement.GetProperty("error").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("purse", last.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await CheckBooksAsync(gateway, "endless");
    }

    [Fact]
    public async Task StreamWithoutAnErrorEvent_beyondAHardBudget_isBrokenOff()
    {
        await using var gateway = await StartAsync(Hard("purse", Dollars));
        var result = await CallResult.OfAsync(gateway.Client, Endless(CallerDialect.Gemini, "array") with { AsArray = true });
        Assert.NotNull(result.Broken);
        await CheckBooksAsync(gateway, "array");
    }

    [Fact]
    public async Task CompressedStream_beyondAHardBudget_isBrokenOff()
    {
        await using var gateway = await StartAsync(Hard("purse", Dollars));
        var call = Endless(CallerDialect.Messages, "gzip") with { Script = Script("gzip") with { Gzip = true } };
        var result = await CallResult.OfAsync(gateway.Client, call);
        Assert.NotNull(result.Broken);
        Assert.Equal("gzip", result.Header("content-encoding"));
        await CheckBooksAsync(gateway, "gzip");
    }

    [Fact]
    public async Task Http2Stream_beyondAHardBudget_isEndedWithTheErrorAndTrailers()
    {
        using var certificate = new TestCertificate();
        var config = GatewayConfig.For(_provider);
        config["budgets"] = new JsonArray(Hard("purse", Dollars));
        config["listen"] = new JsonObject { ["tls"] = new JsonObject { ["certificate"] = certificate.CertificateFile, ["key"] = certificate.KeyFile } };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        using var client = Clients.Http2(gateway.Data);
        var result = await CallResult.OfAsync(client, Endless(CallerDialect.Responses, "h2"));
        Assert.Null(result.Broken);
        Assert.Equal(HttpVersion.Version20, result.Response.Version);
        Assert.True(result.Response.TrailingHeaders.Contains("x-edgegw-cost-usd"));
        Assert.Contains("budget_exhausted", DataOf(result.Text)[^1], StringComparison.Ordinal);
        await CheckBooksAsync(gateway, "h2");
    }

    [Fact]
    public async Task ManyStreamsAtOnce_neverSpendMoreThanTheHardBudget()
    {
        await using var gateway = await StartAsync(Hard("purse", 0.02m));
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(index =>
            CallResult.OfAsync(gateway.Client, Endless((CallerDialect)(index % 4), $"m{index}"))));
        Assert.Contains(results, static result => result.Status == HttpStatusCode.OK);
        Assert.InRange(await gateway.AdminApi.SettledAsync("purse"), 1, 20_000_000 + (6 * PieceNanoUsd));
    }

    [Fact]
    public async Task BudgetWithRoom_letsTheSameStreamThroughUntouched_andExtendsItsHold()
    {
        await using var gateway = await StartAsync(Hard("purse", 10));
        // Gemini's usage needs no asking for, so nothing of the answer may differ.
        var call = Endless(CallerDialect.Gemini, "rich");
        var result = await CallResult.OfAsync(gateway.Client, call);
        using var direct = new HttpClient { BaseAddress = _provider.BaseUrl };
        using var request = call.ToRequest();
        request.RequestUri = new Uri(request.RequestUri!.OriginalString["/gemini".Length..], UriKind.Relative);
        request.Headers.Add("x-goog-api-key", FakeProvider.ApiKey);
        using var expected = await direct.SendAsync(request);

        Assert.Equal((await expected.Content.ReadAsStringAsync()).Replace("rich.2", "rich", StringComparison.Ordinal), result.Text);
        var record = await gateway.Log.RecordOfCallAsync("rich");
        Assert.Equal(("completed", Prices.Cost(_provider.Ledger["rich"])), (record.Outcome, record.Cost));
        Assert.True(record.Hold >= record.Cost, record.ToString());
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync("purse"));
    }

    [Fact]
    public async Task SoftBudget_neverStopsAStream_alsoBesideAHardOne()
    {
        await using var gateway = await StartAsync(GatewayConfig.Budget("soft", Dollars), Hard("purse", 10));
        var result = await CallResult.OfAsync(gateway.Client, Endless(CallerDialect.Messages, "soft"));
        Assert.Null(result.Broken);
        var record = await gateway.Log.RecordOfCallAsync("soft");
        Assert.Equal(("completed", Prices.Cost(_provider.Ledger["soft"])), (record.Outcome, record.Cost));
        Assert.True(await gateway.AdminApi.SettledAsync("soft") > Dollars * 1_000_000_000m);
    }

    /// <summary>One token of the dearest provider of the tests, times the most that a piece carries when the machine is slow.</summary>
    private const long PieceNanoUsd = 15_001 * 200;

    private static FakeScript Script(string id, bool split = false) => new() { Id = id, Output = 2400, Chunks = 1200, Pace = 1, Split = split };

    private static Call Endless(CallerDialect dialect, string id) => new(dialect, Script(id)) { Stream = true, MaxOutput = Cap };

    private static JsonObject Hard(string name, decimal dollars)
    {
        var budget = GatewayConfig.Budget(name, dollars);
        budget["hard"] = true;
        return budget;
    }

    private async Task CheckBooksAsync(EdgeGwProcess gateway, string id)
    {
        var record = await gateway.Log.RecordOfCallAsync(id);
        Assert.Equal(("budget_stopped", "budget_exhausted", 200), (record.Outcome, record.Error, record.Status));
        Assert.InRange(record.Cost, 1, (long)(Dollars * 1_000_000_000m) + PieceNanoUsd);
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync("purse"));
        var call = _provider.Ledger[id];
        await Eventually.TrueAsync(() => call.Ending == CallEnding.Aborted, "the provider to notice");
        Assert.True(call.Generated < call.Script.Output, call.ToString());
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_streams_stopped_total{budget=\"purse\"} 1", metrics, StringComparison.Ordinal);
    }

    private static List<string> DataOf(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Where(static line => line.StartsWith("data:", StringComparison.Ordinal)).Select(static line => line[5..].Trim())];

    private Task<EdgeGwProcess> StartAsync(params JsonObject[] budgets)
    {
        var config = GatewayConfig.For(_provider);
        config["budgets"] = new JsonArray([.. budgets]);
        return EdgeGwProcess.StartAsync(config);
    }
}
