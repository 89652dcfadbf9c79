using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Requests.Inspection;
using EdgeGw.Tests.Pricing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

public sealed class CustomCostTests
{
    [Theory]
    [InlineData("""{"per_token_in":0.000001,"per_token_out":0.000002}""", "0.0012")]
    [InlineData("""{"per_token_in":1e-6,"per_token_out":2E-06}""", "0.0012")]
    [InlineData("""{"per_token_in":0,"per_token_out":0}""", "0")]
    // 600 x 1 + 400 x 0.1 + 100 x 2 = 840 micro-dollars.
    [InlineData("""{"per_token_in":0.000001,"per_token_out":0.000002,"per_cache_read_token":1e-7}""", "0.00084")]
    // 1,000 and 100 tokens at 1e-15 dollars: each class is rounded up to a nano-dollar.
    [InlineData("""{"per_token_in":0.000000000000001,"per_token_out":1e-15}""", "0.000000003")]
    public void Price_is_exact(string header, string dollars)
    {
        Assert.True(TryRead("x-edgegw-custom-cost", header, out var price, out _));
        var priced = price!.For(PricingSamples.Price("openai", "gpt-4o"));
        var usage = new Usage { Input = 1000, CachedInput = 400, Output = 100, WebSearches = 3 };
        // Neither a tier, nor a place, nor a fee, nor the provider's own figure changes it.
        var cost = Cost.CostOf(usage, priced, new ServedTerms { Tier = "priority", Geography = "us" }, new NanoUsd(77), out var source);
        Assert.Equal((PricingSamples.Usd(dollars), CostSource.Caller), (cost, source));
    }

    [Fact]
    public void Hold_is_at_the_callers_price_within_the_models_limits()
    {
        Assert.True(TryRead("cf-aig-custom-cost", """{"per_token_in":0.000001,"per_token_out":0.000002}""", out var price, out _));
        var facts = new RequestFacts { Dialect = Dialect.ChatCompletions, Choices = 1, InputBytes = 936 };
        // 1,000 x 1 + gpt-4o's 16,384 x 2 micro-dollars; and for a model that has no price at all the assumed cap.
        Assert.Equal(PricingSamples.Usd("0.033768") + new NanoUsd(8), HoldEstimate.UpperBound(facts, price!.For(PricingSamples.Price("openai", "gpt-4o")), new RequestConfig()));
        Assert.Equal(PricingSamples.Usd("0.066536") + new NanoUsd(8), HoldEstimate.UpperBound(facts, price.For(PricedModel.Unpriced), new RequestConfig()));
    }

    [Fact]
    public void Total_is_for_the_whole_call()
    {
        Assert.True(TryRead("cf-aig-custom-cost", """{"total_cost":0.0123}""", out var price, out _));
        Assert.Equal(PricingSamples.Usd("0.0123"), price!.Total);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"per_token_in":1""")]
    [InlineData("""{"per_token_in":1e-6,"per_token_out":1e-6} x""")]
    [InlineData("""{"per_token_in":0.000001}""")]
    [InlineData("""{"per_token_out":0.000001}""")]
    [InlineData("""{"per_token_in":-0.000001,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":NaN,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":"0.000001","per_token_out":0}""")]
    [InlineData("""{"per_token_in":null,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e400,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e28,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1.1,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e-16,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e-40,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":0.00000100000000000000000000000000000001,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e-6,"per_token_in":2e-6,"per_token_out":0}""")]
    [InlineData("""{"per_token_in":1e-6,"per_token_out":1e-6,"total_cost":1}""")]
    [InlineData("""{"per_token_in":1e-6,"per_token_out":1e-6,"discount":1}""")]
    [InlineData("""{"total_cost":-1}""")]
    [InlineData("""{"total_cost":100000000}""")]
    public void Anything_else_is_refused_with_the_headers_name(string header)
    {
        Assert.False(TryRead("x-edgegw-custom-cost", header, out var price, out var fault));
        Assert.Null(price);
        Assert.StartsWith("x-edgegw-custom-cost ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_that_stands_twice_is_refused()
    {
        var headers = new HeaderDictionary { ["x-edgegw-custom-cost"] = new(["{\"total_cost\":1}", "{\"total_cost\":2}"]) };
        Assert.True(CustomCost.IsPresent(headers));
        Assert.False(CustomCost.TryRead(headers, out _, out _));
    }

    [Fact]
    public void Neither_header_goes_to_a_provider()
    {
        Assert.False(EdgeGw.Routing.HeaderRules.Passes("x-edgegw-custom-cost", ownCredential: true, identityHeader: null));
        Assert.False(EdgeGw.Routing.HeaderRules.Passes("cf-aig-custom-cost", ownCredential: true, identityHeader: null));
        Assert.False(EdgeGw.Routing.HeaderRules.Passes("cf_aig_custom_cost", ownCredential: true, identityHeader: null));
    }

    private static bool TryRead(string name, string value, out CallerPrice? price, out string? fault) =>
        CustomCost.TryRead(new HeaderDictionary { [name] = value }, out price, out fault);
}
