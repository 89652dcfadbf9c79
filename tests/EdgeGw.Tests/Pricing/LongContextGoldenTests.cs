using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Whole-request steps: at the threshold the lower price, one token more and every class of the request is dearer.</summary>
public sealed class LongContextGoldenTests
{
    [Theory]
    // gpt-6-sol 2 / read 0.2 / write 2.5 / 10: 172,000 x 2 + 100,000 x 0.2 + 1,000 x 10 = 344,000 + 20,000 + 10,000 micro-dollars.
    [InlineData(272_000, "0.374")]
    // Above 272k 4 / 0.4 / 5 / 15: 172,001 x 4 + 100,000 x 0.4 + 1,000 x 15 = 688,004 + 40,000 + 15,000.
    [InlineData(272_001, "0.743004")]
    public void OpenAi_step_moves_cache_and_output_too(long input, string dollars) =>
        Assert.Equal(Usd(dollars), Cost.CostOf(new Usage { Input = input, CachedInput = 100_000, Output = 1000 }, Price("openai", "gpt-6-sol"), default));

    [Theory]
    // claude-sonnet-4-5 3 / read 0.3 / write 3.75 / 15: 1,000 x 3 + 150,000 x 0.3 + 49,000 x 3.75 + 100 x 15 = 3,000 + 45,000 + 183,750 + 1,500.
    [InlineData(1000, 150_000, 49_000, "0.23325")]
    // Above 200k 6 / 0.6 / 7.5 / 22.5: 1,001 x 6 + 150,000 x 0.6 + 49,000 x 7.5 + 100 x 22.5 = 6,006 + 90,000 + 367,500 + 2,250.
    [InlineData(1001, 150_000, 49_000, "0.465756")]
    public void Anthropic_threshold_compares_uncached_and_cached_and_written_input(long uncached, long read, long written, string dollars)
    {
        var body = $$$"""{"model":"claude-sonnet-4-5-20250929","stop_reason":"end_turn","usage":{"input_tokens":{{{uncached}}},"cache_read_input_tokens":{{{read}}},"cache_creation_input_tokens":{{{written}}},"output_tokens":100}}""";
        Assert.Equal((dollars, CostSource.Catalogue), Answers.CostOf(Dialect.Messages, "anthropic", "claude-sonnet-4-5", body) is var (usd, source, _) ? (usd, source) : default);
    }

    [Theory]
    // gemini-2.5-pro 1.25 / read 0.125 / 10: 150,000 x 1.25 + 50,000 x 0.125 + (100 + 900) x 10 = 187,500 + 6,250 + 10,000.
    [InlineData(200_000, "0.20375")]
    // Above 200k 2.5 / 0.25 / 15: 150,001 x 2.5 + 50,000 x 0.25 + 1,000 x 15 = 375,002.5 + 12,500 + 15,000.
    [InlineData(200_001, "0.4025025")]
    public void Gemini_step_counts_the_whole_prompt_and_thoughts_follow(long prompt, string dollars)
    {
        var body = $$$"""{"modelVersion":"gemini-2.5-pro","candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":{{{prompt}}},"cachedContentTokenCount":50000,"candidatesTokenCount":100,"thoughtsTokenCount":900,"totalTokenCount":{{{prompt + 1000}}}}}""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.Gemini, "gemini", "gemini-2.5-pro", body).Usd);
    }

    [Fact]
    public void Priority_ends_where_long_context_begins()
    {
        var price = Price("openai", "gpt-6-sol");
        // 272,000 x 2 x 2; and 272,001 x 4 at the list price, since the provider does not offer priority there.
        Assert.Equal(Usd("1.088"), Cost.CostOf(new Usage { Input = 272_000 }, price, "priority"));
        Assert.Equal(Usd("1.088004"), Cost.CostOf(new Usage { Input = 272_001 }, price, "priority"));
        // Batch goes on: half of that.
        Assert.Equal(Usd("0.544002"), Cost.CostOf(new Usage { Input = 272_001 }, price, "batch"));
    }
}
