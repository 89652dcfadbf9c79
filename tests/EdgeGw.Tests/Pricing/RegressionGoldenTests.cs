using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Sums that users of other gateways were billed wrong: each protects one of them.</summary>
public sealed class RegressionGoldenTests
{
    [Fact]
    public void Gemini_cached_tokens_are_charged_once()
    {
        // gemini-2.5-pro 1.25 / read 0.125 / 10 below its step: 50,000 x 1.25 + 99,200 x 0.125 + 11,000 x 10 = 62,500 + 12,400 + 110,000 micro-dollars: 0.1849.
        const string Body = """{"modelVersion":"gemini-2.5-pro","candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":149200,"cachedContentTokenCount":99200,"candidatesTokenCount":11000,"totalTokenCount":160200}}""";
        Assert.Equal("0.1849", Answers.CostOf(Dialect.Gemini, "gemini", "gemini-2.5-pro", Body).Usd);
    }

    [Fact]
    public void Anthropic_cache_writes_are_charged_once()
    {
        // claude-sonnet-4-6 3 / write 3.75 / 15: 13 x 3 + 14,300 x 3.75 + 49 x 15 = 39 + 53,625 + 735 micro-dollars: 0.0544.
        const string Body = """{"model":"claude-sonnet-4-6","stop_reason":"end_turn","usage":{"input_tokens":13,"cache_creation_input_tokens":14300,"cache_read_input_tokens":0,"output_tokens":49}}""";
        Assert.Equal("0.054399", Answers.CostOf(Dialect.Messages, "anthropic", "claude-sonnet-4-6", Body).Usd);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenAi_cached_tokens_are_subtracted_streamed_or_not(bool stream)
    {
        // gpt-4o 2.5 / read 1.25 / 10: 1,000 x 2.5 + 9,000 x 1.25 + 10 x 10 = 2,500 + 11,250 + 100.
        const string Usage = """{"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":10000,"completion_tokens":10,"total_tokens":10010,"prompt_tokens_details":{"cached_tokens":9000}}}""";
        Assert.Equal("0.01385", Answers.CostOf(Dialect.ChatCompletions, "openai", "gpt-4o", stream ? $"data: {Usage}\n\ndata: [DONE]\n\n" : Usage).Usd);
    }

    [Fact]
    public void Bedrock_streams_keep_their_cache_counts()
    {
        // claude-haiku-4-5 by the global profile, 1 / 0.1 / 1.25 / 5: 10 x 1 + 8,000 x 0.1 + 500 x 1.25 + 20 x 5 = 10 + 800 + 625 + 100.
        const string Body = """{"metrics":{"latencyMs":1},"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":8530,"cacheReadInputTokens":8000,"cacheWriteInputTokens":500}}""";
        Assert.Equal("0.001535", Answers.CostOf(Dialect.Converse, "bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", Body).Usd);
    }

    [Theory]
    // Inside output (OpenAI): 100 x 10. Beside it (xAI, by its total): the same 40 + 60. Beside it (Gemini): 40 and 60.
    [InlineData("openai", "gpt-4o", """{"model":"gpt-4o","usage":{"prompt_tokens":0,"completion_tokens":100,"total_tokens":100,"completion_tokens_details":{"reasoning_tokens":60}}}""", 100)]
    [InlineData("xai", "grok-4", """{"model":"grok-4","usage":{"prompt_tokens":0,"completion_tokens":40,"total_tokens":100,"completion_tokens_details":{"reasoning_tokens":60}}}""", 100)]
    public void Reasoning_is_counted_once(string kind, string model, string body, long output)
    {
        var expected = Cost.CostOf(new Usage { Output = output }, Price(kind, model), default);
        Assert.Equal(expected.ToString(), Answers.CostOf(Dialect.ChatCompletions, kind, model, body).Usd);
        Assert.True(expected > NanoUsd.Zero);
    }

    [Fact]
    public void Free_local_model_costs_nothing_and_is_no_unknown_one()
    {
        const string Body = """{"model":"llama3","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}""";
        Assert.Equal(("0", CostSource.Override), Answers.CostOf(Dialect.ChatCompletions, "local", "llama3", Body, Book(free: "local")) is var (usd, source, _) ? (usd, source) : default);
    }
}
