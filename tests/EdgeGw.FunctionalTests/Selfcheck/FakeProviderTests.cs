using System.Net;
using System.Text;
using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Selfcheck;

/// <summary>The oracle is code too: what it says on the wire and what it writes into its books must agree.</summary>
public sealed class FakeProviderTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;
    private HttpClient _client = null!;

    public static TheoryData<CallerDialect, bool, bool> Answers => new()
    {
        { CallerDialect.Chat, false, false },
        { CallerDialect.Chat, true, false },
        { CallerDialect.Responses, false, false },
        { CallerDialect.Responses, true, false },
        { CallerDialect.Messages, false, false },
        { CallerDialect.Messages, true, false },
        { CallerDialect.Gemini, false, false },
        { CallerDialect.Gemini, true, false },
        { CallerDialect.Gemini, true, true },
        { CallerDialect.Embeddings, false, false },
    };

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _client = Clients.Plain(_provider.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_ofEachDialect_isWellFormedAndReportsWhatTheLedgerBills(CallerDialect dialect, bool stream, bool asArray)
    {
        var script = new FakeScript { Id = "a", Input = 120, CachedInput = 20, Output = 41, Reasoning = dialect == CallerDialect.Gemini ? 10 : 0, Chunks = 7 };
        var call = new Call(dialect, script) { Stream = stream, AsArray = asArray, IncludeUsage = dialect == CallerDialect.Chat && stream ? true : null };

        var body = await ReadAsync(call, HttpStatusCode.OK);

        var (input, output) = ReportedUsage(dialect, Events(body));
        var row = _provider.Ledger["a"];
        Assert.Equal(CallEnding.Completed, row.Ending);
        Assert.Equal(row.BilledInput, input);
        Assert.Equal(row.BilledOutput, output);
        Assert.Equal(dialect == CallerDialect.Embeddings ? 0 : 41, output);
        Assert.Equal(row.Generated, row.Delivered);
    }

    [Fact]
    public async Task ChatStream_withoutIncludeUsage_saysNothingOfUsage()
    {
        var body = await ReadAsync(new Call(CallerDialect.Chat, new FakeScript()) { Stream = true }, HttpStatusCode.OK);
        Assert.DoesNotContain("usage", body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    public async Task Caller_leavingAStream_isBilledForWhatWasGeneratedOnly(CallerDialect dialect)
    {
        var call = new Call(dialect, new FakeScript { Id = "gone", Output = 1000, Chunks = 1000, Pace = 5 }) { Stream = true };
        using (var response = await Send(call))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[10]) > 0);
        }
        await _provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(5));
        var row = _provider.Ledger["gone"];
        Assert.Equal(CallEnding.Aborted, row.Ending);
        Assert.InRange(row.BilledOutput, 0, 900);
    }

    [Fact]
    public async Task Failures_beforeTheHead_billNothingForAStatus()
    {
        var body = await ReadAsync(new Call(CallerDialect.Messages, new FakeScript { Id = "s", Fail = FakeFailure.Status, Status = 529 }), (HttpStatusCode)529);
        Assert.Contains("api_error", body, StringComparison.Ordinal);
        Assert.Equal(0, Prices.Cost(_provider.Ledger["s"]));
    }

    [Theory]
    [InlineData(FakeFailure.ResetHead)]
    [InlineData(FakeFailure.ResetBody)]
    public async Task Reset_reachesTheCallerAsABrokenConnection(FakeFailure failure)
    {
        var call = new Call(CallerDialect.Chat, new FakeScript { Fail = failure, Output = 50 }) { Stream = true };
        await Assert.ThrowsAnyAsync<Exception>(async () => await ReadAsync(call, HttpStatusCode.OK));
    }

    [Fact]
    public async Task Truncate_endsTheBodyProperlyWithoutItsLastEvents()
    {
        var body = await ReadAsync(new Call(CallerDialect.Messages, new FakeScript { Fail = FakeFailure.Truncate }) { Stream = true }, HttpStatusCode.OK);
        Assert.DoesNotContain("message_stop", body, StringComparison.Ordinal);
        Assert.Contains("content_block_delta", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BigEvent_isOneLineOfTheSizeAskedFor()
    {
        var body = await ReadAsync(new Call(CallerDialect.Chat, new FakeScript { Fail = FakeFailure.BigEvent, BigBytes = 1_000_000 }) { Stream = true }, HttpStatusCode.OK);
        Assert.True(body.Split('\n').Max(line => line.Length) > 1_000_000);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongCredential_isRefusedAndVirtualKeysAreViolations()
    {
        using var request = new Call(CallerDialect.Chat, new FakeScript()) { Key = "egw_0123456789abcdef0123" }.ToRequest();
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.NotEmpty(_provider.Ledger.Violations);
    }

    [Fact]
    public async Task BodyThatCannotBeRead_isAViolation()
    {
        using var request = new Call(CallerDialect.Chat, new FakeScript()) { Key = FakeProvider.ApiKey }.ToRequest("[1"u8.ToArray());
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Single(_provider.Ledger.Violations);
    }

    [Theory]
    [InlineData(RawFault.CloseWithoutAnswer)]
    [InlineData(RawFault.ResetWithoutAnswer)]
    [InlineData(RawFault.ResetInTheHead)]
    [InlineData(RawFault.NoHttp)]
    [InlineData(RawFault.HugeHead)]
    [InlineData(RawFault.ShortBody)]
    [InlineData(RawFault.BadChunkSize)]
    public async Task RawProvider_isNoHttpServer(RawFault fault)
    {
        await using var raw = new RawProvider(fault);
        using var client = Clients.Plain(raw.BaseUrl);
        using var request = new Call(CallerDialect.Chat, new FakeScript()) { Path = "/v1/chat/completions" }.ToRequest();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request));
        Assert.Equal(1, raw.Requests);
    }

    [Fact]
    public async Task Recording_cutAtRandomPlaces_isServedAsItWasRecorded()
    {
        if (!Corpus.IsPresent)
        {
            return;
        }
        foreach (var entry in Corpus.Known.Take(40))
        {
            var call = new Call(CallerDialect.Chat, new FakeScript { Recording = entry.File, Seed = 3, Cuts = 5 });
            using var response = await Send(call);
            Assert.Equal(entry.Status, (int)response.StatusCode);
            Assert.Equal(Corpus.Body(entry.File), await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public void Script_writtenAndRead_isTheSame()
    {
        var script = new FakeScript { Id = "x", Input = 5, Usage = UsageHabit.Never, Fail = FakeFailure.HangBody, Recording = "a__b.sse", Seed = 9 };
        Assert.Equal(script, FakeScript.Parse(Encoding.UTF8.GetBytes("{\"a\":\"" + script + " and more\"}")));
    }

    [Fact]
    public void Cost_ofEachComponent_isRoundedUpOnItsOwn() =>
        // 1 x 2500.0001 -> 2501, 1 x 1250.0007 -> 1251, 1 x 10000.0003 -> 10001
        Assert.Equal(2501 + 1251 + 10001, Prices.Of("chat").Cost(2, 1, 0, 1));

    private Task<HttpResponseMessage> Send(Call call) => (call with { Key = FakeProvider.ApiKey }).SendAsync(_client);

    private async Task<string> ReadAsync(Call call, HttpStatusCode expected)
    {
        using var response = await Send(call);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static List<JsonElement> Events(string body)
    {
        if (!body.Contains("data: ", StringComparison.Ordinal))
        {
            using var whole = JsonDocument.Parse(body);
            var root = whole.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
        }
        return
        [
            .. body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && !line.Contains("[DONE]", StringComparison.Ordinal))
                .Select(line =>
                {
                    using var document = JsonDocument.Parse(line[6..]);
                    return document.RootElement.Clone();
                }),
        ];
    }

    private static (long Input, long Output) ReportedUsage(CallerDialect dialect, List<JsonElement> events)
    {
        var last = events[^1];
        switch (dialect)
        {
            case CallerDialect.Chat or CallerDialect.Embeddings:
                var usage = last.GetProperty("usage");
                return (Count(usage, "prompt_tokens"), Count(usage, "completion_tokens"));
            case CallerDialect.Responses:
                var response = last.TryGetProperty("response", out var inner) ? inner : last;
                return (Count(response.GetProperty("usage"), "input_tokens"), Count(response.GetProperty("usage"), "output_tokens"));
            case CallerDialect.Messages:
                var start = events[0].TryGetProperty("message", out var message) ? message : events[0];
                var input = start.GetProperty("usage");
                var output = events.Last(e => e.TryGetProperty("usage", out _) || e.TryGetProperty("message", out _)).TryGetProperty("usage", out var final) ? final : input;
                return (Count(input, "input_tokens") + Count(input, "cache_read_input_tokens") + Count(input, "cache_creation_input_tokens"), Count(output, "output_tokens"));
            default:
                var metadata = last.GetProperty("usageMetadata");
                return (Count(metadata, "promptTokenCount"), Count(metadata, "candidatesTokenCount") + Count(metadata, "thoughtsTokenCount"));
        }
    }

    private static long Count(JsonElement usage, string name) => usage.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
}
