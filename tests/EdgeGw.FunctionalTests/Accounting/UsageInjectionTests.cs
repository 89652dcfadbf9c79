using System.Security.Cryptography;
using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>The gateway asks for usage on its own account; a caller who did not ask must not notice.</summary>
[Collection(SharedGateway.Name)]
public sealed class UsageInjectionTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task ChatStream_whoseCallerDidNotAskForUsage_isCountedExactlyAndShowsNone(bool? includeUsage)
    {
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = $"inject-{includeUsage}", Input = 77, Output = 33, Chunks = 9 }) { Stream = true, IncludeUsage = includeUsage };

        var result = await CallResult.OfAsync(fixture.Gateway.Client, call);

        Assert.True(fixture.Provider.Ledger[call.Script.Id!].AskedForUsage);
        Assert.EndsWith("data: [DONE]\n\n", result.Text, StringComparison.Ordinal);
        foreach (var line in result.Text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(line[6..]);
            Assert.False(json.RootElement.TryGetProperty("usage", out _), line);
            Assert.NotEqual(0, json.RootElement.GetProperty("choices").GetArrayLength());
        }
        var record = await fixture.Gateway.Log.RecordOfCallAsync(call.Script.Id!);
        Assert.Equal("provider", record.UsageSource);
        Assert.Equal((77, 33), (record.Input, record.Output));
    }

    [Fact]
    public async Task ChatStream_whoseCallerDidNotAsk_seesTheSameEventsAsWithoutTheGateway()
    {
        await using var plain = await FakeProvider.StartAsync();
        using var direct = Clients.Plain(plain.BaseUrl);
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "same-events", Output = 33, Chunks = 9 }) { Stream = true };

        var expected = await CallResult.OfAsync(direct, call with { Key = FakeProvider.ApiKey, Path = "/v1/chat/completions" });
        var result = await CallResult.OfAsync(fixture.Gateway.Client, call);

        Assert.Equal(expected.Text, result.Text);
    }

    [Fact]
    public async Task ChatStream_whoseCallerAsked_arrivesByteForByte()
    {
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "asked", Output = 12, Chunks = 4 }) { Stream = true, IncludeUsage = true };
        var result = await CallResult.OfAsync(fixture.Gateway.Client, call);
        Assert.Contains("\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":12,", result.Text, StringComparison.Ordinal);
        Assert.Contains("\"usage\":null}", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatStream_ofAProviderThatNeverReportsUsage_isEstimatedAndMarkedSo()
    {
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "never", Output = 50, Chunks = 50, Usage = UsageHabit.Never }) { Stream = true };
        await CallResult.OfAsync(fixture.Gateway.Client, call);
        var record = await fixture.Gateway.Log.RecordOfCallAsync("never");
        Assert.Equal("estimated", record.UsageSource);
        Assert.True(record.Input > 0 && record.Output >= 50 && record.Cost > 0, record.ToString());
    }

    [Theory]
    [InlineData(CallerDialect.Chat, false)]
    [InlineData(CallerDialect.Chat, true)]
    [InlineData(CallerDialect.Responses, true)]
    [InlineData(CallerDialect.Messages, true)]
    [InlineData(CallerDialect.Gemini, true)]
    [InlineData(CallerDialect.Embeddings, false)]
    public async Task RequestBody_inWhichNothingMustChange_reachesTheProviderByteForByte(CallerDialect dialect, bool stream)
    {
        // Odd but legal spacing, escapes and key order: whoever parses and writes it anew cannot keep them.
        var id = $"bytes-{dialect}-{stream}";
        var call = new Call(dialect, new FakeScript { Id = id }) { Stream = stream, IncludeUsage = dialect == CallerDialect.Chat && stream ? true : null };
        var body = System.Text.Encoding.UTF8.GetBytes(" { \"zz\" : [ 1.50 , 1e2, \"\\u00e9\\/\" ] ,\r\n" + System.Text.Encoding.UTF8.GetString(call.Body)[1..] + "\n");
        var result = await CallResult.OfAsync(fixture.Gateway.Client, call.ToRequest(body));
        Assert.Equal(200, (int)result.Status);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), fixture.Provider.Ledger[id].BodyHash);
    }
}
