using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

public sealed class CacheGoldenTests
{
    [Fact]
    public void No_listed_model_charges_more_for_cached_than_for_uncached_tokens()
    {
        var checkedModels = 0;
        foreach (var price in PriceCatalogue.BuiltIn.Providers.SelectMany(p => p.Models).SelectMany(m => m.History.LatestFirst))
        {
            foreach (var rates in price.LongContext.Select(step => step.Rates).Prepend(price.Rates))
            {
                Assert.True(rates.CachedInput.CompareTo(rates.Input) <= 0, price.Id);
                checkedModels++;
            }
            var plain = Cost.CostOf(new Usage { Input = 300_000 }, new PricedModel(price, CostSource.Catalogue), default);
            var cached = Cost.CostOf(new Usage { Input = 300_000, CachedInput = 299_999 }, new PricedModel(price, CostSource.Catalogue), default);
            // Two components are rounded up instead of one: a nano-dollar at most.
            Assert.True(cached.Value <= plain.Value + 1, $"{price.Id}: {cached} > {plain}");
        }
        Assert.True(checkedModels > 100);
    }

    [Fact]
    public void Cached_tokens_are_cheaper_to_the_nano_dollar()
    {
        // claude-haiku-4-5 1 / read 0.1: 10,000 x 1 = 0.01; 1 x 1 + 9,999 x 0.1 = 1,000.9 micro-dollars.
        Assert.Equal(Usd("0.01"), Cost.CostOf(new Usage { Input = 10_000 }, Price("anthropic", "claude-haiku-4-5"), default));
        Assert.Equal(Usd("0.0010009"), Cost.CostOf(new Usage { Input = 10_000, CachedInput = 9_999 }, Price("anthropic", "claude-haiku-4-5"), default));
    }

    [Fact]
    public void Anthropic_writes_for_an_hour_are_kept_from_the_opening_event()
    {
        // claude-opus-4-5 5 / read 0.5 / 5m 6.25 / 1h 10 / 25: 10 x 5 + 1,000 x 0.5 + 200 x 6.25 + 800 x 10 + 40 x 25 = 50 + 500 + 1,250 + 8,000 + 1,000.
        const string Body =
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-opus-4-5-20251101\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":1000," +
            "\"cache_creation_input_tokens\":1000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":200,\"ephemeral_1h_input_tokens\":800},\"output_tokens\":1}}}\n\n" +
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":40}}\n\n" +
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        Assert.Equal("0.0108", Answers.CostOf(Dialect.Messages, "anthropic", "claude-opus-4-5", Body).Usd);
    }

    [Theory]
    // gpt-5.5 5 / read 0.5: writes cost no more than other input: 600 x 5 + 400 x 0.5 = 3,200 micro-dollars, with 30 x 30 of output 4,100.
    [InlineData("gpt-5.5", "0.0041")]
    // gpt-6-sol 2 / read 0.2 / write 2.5: 100 x 2 + 500 x 2.5 + 400 x 0.2 = 200 + 1,250 + 80, with 30 x 10 of output 1,830.
    [InlineData("gpt-6-sol", "0.00183")]
    public void OpenAi_writes_cost_extra_from_one_generation_on(string model, string dollars)
    {
        var body = $$$"""{"model":"{{{model}}}","usage":{"prompt_tokens":1000,"completion_tokens":30,"total_tokens":1030,"prompt_tokens_details":{"cached_tokens":400,"cache_write_tokens":500}} }""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.ChatCompletions, "openai", model, body).Usd);
    }

    [Fact]
    public void Bedrock_converse_in_camel_case_is_priced_exactly()
    {
        // Global profile of claude-sonnet-4-6, 3 / read 0.3 / 5m 3.75 / 1h 6 / 15: 12 x 3 + 2,000 x 0.3 + 300 x 3.75 + 700 x 6 + 50 x 15 =
        // 36 + 600 + 1,125 + 4,200 + 750 micro-dollars. The twin counters repeat the same tokens.
        const string Body = """{"output":{"message":{"content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":12,"outputTokens":50,"totalTokens":3062,"cacheReadInputTokens":2000,"cacheReadInputTokenCount":2000,"cacheWriteInputTokens":1000,"cacheWriteInputTokenCount":1000,"cacheDetails":[{"ttl":"5m","inputTokens":300},{"ttl":"1h","inputTokens":700}]}}""";
        var (usd, source, usage) = Answers.CostOf(Dialect.Converse, "bedrock", "global.anthropic.claude-sonnet-4-6", Body);
        Assert.Equal(("0.006711", CostSource.Catalogue), (usd, source));
        Assert.Equal((3012, 2000, 1000, 700, 50), (usage.Input, usage.CachedInput, usage.CacheWrite, usage.CacheWrite1h, usage.Output));
    }
}
