using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>A model without a price is no free model.</summary>
public sealed class UnpricedGoldenTests
{
    private const string Body = """{"model":"unheard-of","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":900}}}""";
    private static readonly RequestFacts Facts = new() { Dialect = Dialect.ChatCompletions, Choices = 1, InputBytes = 936, MaxOutput = 100 };

    [Fact]
    public void Blocked_by_default_with_no_bound_for_any_budget()
    {
        Assert.Equal(("0", CostSource.None), Answers.CostOf(Dialect.ChatCompletions, "openai", "unheard-of", Body) is var (usd, source, _) ? (usd, source) : default);
        Assert.Null(HoldEstimate.UpperBound(Facts, Price("openai", "unheard-of"), new RequestConfig()));
    }

    [Fact]
    public void Ceiling_holds_and_settles_and_is_marked()
    {
        var book = Book(pricing: new PricingConfig { Unpriced = UnpricedPolicy.Ceiling, CeilingPerMillion = 50m });
        // (1,000 + 100) x 50 micro-dollars; cached tokens get no discount that nobody knows.
        Assert.Equal(("0.055", CostSource.Ceiling), Answers.CostOf(Dialect.ChatCompletions, "openai", "unheard-of", Body, book) is var (usd, source, _) ? (usd, source) : default);
        // 936 bytes and 64 of template are at most 1,000 tokens.
        Assert.Equal(Usd("0.055") + new NanoUsd(8), HoldEstimate.UpperBound(Facts, book.Resolve("openai", "openai", "unheard-of"), new RequestConfig()));
    }
}
