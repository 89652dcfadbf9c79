using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>The tier that served, by the answer's word, sets the factor; what was asked for sets only the hold.</summary>
public sealed class ServiceTierGoldenTests
{
    [Theory]
    // gpt-4o 2.5 / 10, priority 17/10: 1,000 x 2.5 + 100 x 10 = 3,500 micro-dollars, and 5,950.
    [InlineData("default", "0.0035")]
    [InlineData("priority", "0.00595")]
    [InlineData("flex", "0.00175")]
    public void Answer_decides_whatever_was_asked_for(string served, string dollars)
    {
        var body = $$$"""{"model":"gpt-4o-2024-08-06","service_tier":"{{{served}}}","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100} }""";
        var facts = new RequestFacts { Dialect = Dialect.ChatCompletions, ServiceTier = "priority" };
        Assert.Equal(dollars, Answers.CostOf(Dialect.ChatCompletions, "openai", "gpt-4o", body, facts: facts).Usd);
    }

    [Theory]
    // claude-opus-4-6 5 / 25, fast 6: 100 x 5 + 10 x 25 = 750 micro-dollars, and 4,500; in whichever order the two fields stand.
    [InlineData("""
        "service_tier":"standard","speed":"fast"
        """, "0.0045")]
    [InlineData("""
        "speed":"fast","service_tier":"standard"
        """, "0.0045")]
    [InlineData("""
        "speed":"standard","service_tier":"standard"
        """, "0.00075")]
    [InlineData("""
        "service_tier":"batch"
        """, "0.000375")]
    public void Anthropic_fast_speed_is_a_tier(string fields, string dollars)
    {
        var body = $$$"""{"model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":100,"output_tokens":10,{{{fields}}}}}""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.Messages, "anthropic", "claude-opus-4-6", body).Usd);
    }

    [Theory]
    // gemini-2.5-flash 0.3 / 2.5, priority 9/5: 1,000 x 0.3 + 100 x 2.5 = 550 micro-dollars.
    [InlineData("""
        "serviceTier":"standard"
        """, "0.00055")]
    [InlineData("""
        "serviceTier":"priority"
        """, "0.00099")]
    [InlineData("""
        "serviceTier":"priority","trafficType":"ON_DEMAND"
        """, "0.00099")]
    [InlineData("""
        "trafficType":"ON_DEMAND_FLEX"
        """, "0.000275")]
    [InlineData("""
        "trafficType":"PROVISIONED_THROUGHPUT"
        """, "0")]
    public void Gemini_says_its_tier_in_two_places(string fields, string dollars)
    {
        var body = $$$"""{"modelVersion":"gemini-2.5-flash","candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100,{{{fields}}}}}""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.Gemini, "gemini", "gemini-2.5-flash", body).Usd);
    }

    [Fact]
    public void Bedrock_says_its_tier_in_the_body_or_in_a_header()
    {
        // A list of our own: Bedrock's factors are not in the built-in one. 1,000 x 1 + 100 x 2 = 1,200 micro-dollars, flex half of it, priority 7/4.
        var catalogue = PriceCatalogue.Parse("""{"providers":[{"kinds":["bedrock"],"tiers":{"flex":"1/2","priority":"7/4"},"models":[{"id":"m","prices":[{"input":1,"output":2}]}]}]}"""u8);
        var book = new PriceBook(catalogue, new(), new Dictionary<string, ProviderConfig>(), Saturday);
        const string Converse = """{"stopReason":"end_turn","usage":{"inputTokens":1000,"outputTokens":100,"totalTokens":1100},"serviceTier":{"type":"priority"}}""";
        Assert.Equal("0.0021", Answers.CostOf(Dialect.Converse, "bedrock", "m", Converse, book).Usd);
        const string Nova = """{"stopReason":"end_turn","usage":{"inputTokens":1000,"outputTokens":100}}""";
        var headers = default(HeaderCounts).With("X-Amzn-Bedrock-Service-Tier", "flex");
        Assert.Equal("0.0006", Answers.CostOf(Dialect.InvokeModel, "bedrock", "m", Nova, book, headers: headers).Usd);
        Assert.Equal("0.0012", Answers.CostOf(Dialect.InvokeModel, "bedrock", "m", Nova, book).Usd);
    }

    [Fact]
    public void Bedrock_request_for_a_tier_is_held_at_its_dearest()
    {
        var facts = RequestInspector.Inspect(Dialect.Converse, """{"serviceTier":{"type":"priority"},"messages":[]}"""u8, modelInPath: true).Facts;
        Assert.Equal("priority", facts.ServiceTier);
    }
}
