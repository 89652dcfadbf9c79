using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>The provider's own figure is what it bills: it counts before the catalogue, and a price agreed on with the operator counts before it.</summary>
public sealed class ProviderCostGoldenTests
{
    private const string OpenRouter = """{"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"cost":0.00123456789012,"is_byok":false,"cost_details":{"upstream_inference_cost":0.001}}}""";

    [Fact]
    public void OpenRouter_bills_its_cost()
    {
        // Rounded up to the nano-dollar; the upstream's part is inside it.
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "openrouter", "openai/gpt-4o", OpenRouter);
        Assert.Equal(("0.001234568", CostSource.Provider), (usd, source));
    }

    [Theory]
    // With the caller's own key at the upstream, the upstream bills its part and the router its fee.
    [InlineData("0", "0.0042", "0.0042")]
    [InlineData("0.00021", "0.0042", "0.00441")]
    [InlineData("0", "4.2e-7", "0.00000042")]
    public void OpenRouter_with_an_own_key_adds_what_the_upstream_bills(string cost, string upstream, string dollars)
    {
        var body = $$$"""{"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"cost":{{{cost}}},"is_byok":true,"cost_details":{"upstream_inference_cost":{{{upstream}}} } }}""";
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "openrouter", "openai/gpt-4o", body);
        Assert.Equal((dollars, CostSource.Provider), (usd, source));
    }

    [Fact]
    public void Perplexity_bills_the_total_of_its_last_chunk()
    {
        const string Body =
            "data: {\"model\":\"sonar\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1,\"total_tokens\":11,\"cost\":{\"total_cost\":0}}}\r\n\r\n" +
            "data: {\"model\":\"sonar\",\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14," +
            "\"cost\":{\"input_tokens_cost\":1e-05,\"output_tokens_cost\":0,\"request_cost\":0.005,\"total_cost\":0.00501}}}\r\n\r\n";
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "perplexity", "sonar", Body);
        Assert.Equal(("0.00501", CostSource.Provider), (usd, source));
    }

    [Theory]
    // A tick is 1e-10 dollars: 37,756,000 are 0.0037756; 1 is rounded up to a nano-dollar.
    [InlineData("37756000", "0.0037756")]
    [InlineData("1", "0.000000001")]
    [InlineData("11", "0.000000002")]
    public void Xai_bills_ticks(string ticks, string dollars)
    {
        var body = $$$"""{"model":"grok-4","usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,"cost_in_usd_ticks":{{{ticks}}}}}""";
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "xai", "grok-4", body);
        Assert.Equal((dollars, CostSource.Provider), (usd, source));
    }

    [Fact]
    public void Vercel_bills_its_cost_and_not_the_market_price()
    {
        const string Body = """{"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"cost":0.0035,"market_cost":0.004}}""";
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "vercel", "openai/gpt-4o", Body);
        Assert.Equal(("0.0035", CostSource.Provider), (usd, source));
    }

    [Fact]
    public void Others_do_not_bill_by_a_field_of_that_name()
    {
        // gpt-4o 1,000 x 2.5 + 100 x 10.
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "openai", "gpt-4o", OpenRouter.Replace("openai/", ""));
        Assert.Equal(("0.0035", CostSource.Catalogue), (usd, source));
    }

    [Fact]
    public void Contract_price_wins_over_the_providers_figure()
    {
        var book = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("openrouter/openai/*", 1m, 2m)] });
        // 1,000 x 1 + 100 x 2.
        var (usd, source, _) = Answers.CostOf(Dialect.ChatCompletions, "openrouter", "openai/gpt-4o", OpenRouter, book);
        Assert.Equal(("0.0012", CostSource.Override), (usd, source));
        Assert.Equal(("0", CostSource.Override), Answers.CostOf(Dialect.ChatCompletions, "openrouter", "x/y", OpenRouter, Book(free: "openrouter")) is var (free, by, _) ? (free, by) : default);
    }
}
