using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

public sealed class PriceBookTests
{
    private static readonly PricingConfig Contracts = new()
    {
        Overrides =
        [
            new PriceOverride("openai/gpt-4o-mini*", 0.10m, 0.40m),
            new PriceOverride("openai/gpt-4o*", 2.10m, 8.40m) { CachedInput = 1m },
            new PriceOverride("acme-*/fast", 1m, 2m),
        ],
    };

    [Theory]
    [InlineData("openai", "gpt-4o", "gpt-4o")]
    [InlineData("openai", "GPT-4o", "gpt-4o")]
    [InlineData("openai", "gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13")]
    [InlineData("openai", "gpt-4-0613", "gpt-4")]
    [InlineData("openai", "gpt-4-1106-preview", "gpt-4-turbo")]
    [InlineData("openai", "gpt-3.5-turbo-instruct:20230824-v2", "gpt-3.5-turbo-instruct")]
    [InlineData("openai", "davinci:2023-07-21-v2", "davinci-002")]
    [InlineData("openai", "text-embedding-ada-002-v2", "text-embedding-ada-002")]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:acme::9xyz", "ft:gpt-4o-mini")]
    [InlineData("openai", "ft:gpt-4o-2024-08-06:acme::9xyz", "ft:gpt-4o")]
    [InlineData("openai", "gpt-5.2-pro-2025-12-11", "gpt-5.2-pro")]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4")]
    [InlineData("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku")]
    [InlineData("anthropic", "claude-2.1", "claude-2.1")]
    [InlineData("gemini", "gemini-2.5-flash-preview-05-20", "gemini-2.5-flash")]
    [InlineData("gemini", "gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash")]
    [InlineData("gemini", "gemini-2.5-pro-preview-05-06", "gemini-2.5-pro")]
    [InlineData("gemini", "gemini-2.0-flash-001", "gemini-2.0-flash")]
    [InlineData("gemini", "models/gemini-2.5-flash-lite", "gemini-2.5-flash-lite")]
    [InlineData("mistral", "mistral-large-2411", "mistral-large-2411")]
    [InlineData("mistral", "mistral-large-latest", "mistral-large-2512")]
    [InlineData("groq", "moonshotai/kimi-k2-instruct-0905", "moonshotai/kimi-k2-instruct")]
    [InlineData("xai", "grok-4-0709", "grok-4")]
    [InlineData("xai", "grok-4.20-0309-reasoning", "grok-4.20")]
    [InlineData("vertex", "claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet")]
    [InlineData("vertex", "gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("bedrock", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet")]
    [InlineData("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("bedrock", "apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4")]
    [InlineData("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("azure-openai", "gpt-35-turbo", "gpt-3.5-turbo")]
    [InlineData("openrouter", "anthropic/claude-4.6-sonnet-20260217", "claude-sonnet-4-6")]
    [InlineData("openrouter", "google/gemini-2.5-flash", "gemini-2.5-flash")]
    public void Names_resolve_to_their_family(string kind, string model, string id)
    {
        var price = Price(kind, model);
        Assert.Equal(CostSource.Catalogue, price.Source);
        Assert.Equal(id, price.Price!.Id);
    }

    [Theory]
    [InlineData("openai", "gpt-4o-turbo-deluxe")]
    [InlineData("openai", "babbage-002-wrong")]
    [InlineData("openai", "gpt")]
    [InlineData("openai", "")]
    [InlineData("openai", "2024-08-06")]
    [InlineData("anthropic", "gpt-4o")]
    [InlineData("anthropic", "claude-sonet-4-5")]
    [InlineData("no-such-kind", "gpt-4o")]
    [InlineData("groq", "gpt-4o")]
    public void Unknown_names_have_no_price_rather_than_zero(string kind, string model)
    {
        var price = Price(kind, model);
        Assert.False(price.IsPriced);
        Assert.Equal(CostSource.None, price.Source);
    }

    [Fact]
    public void Model_that_answered_counts_before_the_one_asked_for()
    {
        var book = Book();
        Assert.Equal("gemini-3.1-pro", book.Resolve("gemini", "gemini", "gemini-3-pro-preview", "gemini-3.1-pro-preview").Price!.Id);
        Assert.Equal("gpt-4o", book.Resolve("acme", "azure-openai", "our-deployment", "gpt-4o-2024-08-06").Price!.Id);
        Assert.Equal("gpt-4o", book.Resolve("openai", "openai", "gpt-4o", "never-heard-of").Price!.Id);
        Assert.Equal("gpt-4o", book.Resolve("openai", "openai", "gpt-4o", "").Price!.Id);
    }

    [Fact]
    public void Contract_price_comes_first_and_the_first_match_wins()
    {
        var book = Book(pricing: Contracts);
        var mini = book.Resolve("openai", "openai", "gpt-4o-mini-2024-07-18");
        Assert.Equal((CostSource.Override, "openai/gpt-4o-mini*"), (mini.Source, mini.Price!.Id));
        var full = book.Resolve("openai", "openai", "gpt-4o");
        Assert.Equal(PerMillion(2.10m), full.Price!.Rates.Input);
        Assert.Equal(PerMillion(1m), full.Price.Rates.CachedInput);
        Assert.Equal(PerMillion(2.10m), full.Price.Rates.CacheWrite);
        Assert.Equal(PerMillion(8.40m), full.Price.Rates.AudioOutput);
        Assert.Equal(CostSource.Catalogue, book.Resolve("openai", "openai", "gpt-4.1").Source);
        Assert.Equal(CostSource.Override, book.Resolve("acme-eu", "openai", "fast").Source);
        Assert.Equal(CostSource.Catalogue, book.Resolve("other", "openai", "gpt-4o").Source);
    }

    [Fact]
    public void Contract_on_the_requested_name_wins_over_the_list_price_of_the_answer() =>
        Assert.Equal(CostSource.Override, Book(pricing: Contracts).Resolve("acme-eu", "openai", "fast", "gpt-4o").Source);

    [Fact]
    public void Contract_price_keeps_the_models_limits_and_fees_and_is_flat()
    {
        var listed = Price("openai", "gpt-4o").Price!;
        var contract = Book(pricing: Contracts).Resolve("openai", "openai", "gpt-4o").Price!;
        Assert.Equal((listed.MaxOutput, listed.ContextWindow, listed.Fees), (contract.MaxOutput, contract.ContextWindow, contract.Fees));
        Assert.Equal(Multiplier.One, contract.MultiplierFor("priority"));
        Assert.Empty(contract.LongContext);
    }

    [Fact]
    public void Free_provider_costs_nothing_whatever_it_serves()
    {
        var book = Book(free: "local");
        foreach (var model in new[] { "gpt-4o", "llama3", null })
        {
            var price = book.Resolve("local", "openai", model, model);
            Assert.Equal(CostSource.Override, price.Source);
            Assert.Equal(NanoUsd.Zero, Cost.CostOf(new Usage { Input = 1000, Output = 1000, WebSearches = 2 }, price, "priority"));
        }
        Assert.Equal(CostSource.Catalogue, book.Resolve("openai", "openai", "gpt-4o").Source);
    }

    [Fact]
    public void Ceiling_holds_for_every_class_of_an_unpriced_model()
    {
        var book = Book(pricing: new PricingConfig { Unpriced = UnpricedPolicy.Ceiling, CeilingPerMillion = 50m });
        var price = book.Resolve("openai", "openai", "unheard-of");
        Assert.Equal(CostSource.Ceiling, price.Source);
        Assert.Equal(Usd("0.1"), Cost.CostOf(new Usage { Input = 1000, CachedInput = 500, Output = 1000 }, price, null));
        Assert.Equal(CostSource.Catalogue, book.Resolve("openai", "openai", "gpt-4o").Source);
    }

    [Theory]
    [InlineData("2026-07-29T23:59:59Z", 1.0)]
    [InlineData("2026-07-30T00:00:00Z", 0.2)]
    public void Price_in_force_is_that_of_the_day(string now, double input) =>
        Assert.Equal(PerMillion((decimal)input), Book(new FixedTime(DateTimeOffset.Parse(now))).Resolve("openai", "openai", "gpt-5.6-luna").Price!.Rates.Input);

    [Theory]
    [InlineData("2026-11-20T00:59:59Z", 0.15)]
    [InlineData("2026-11-20T01:00:00Z", 0.30)]
    [InlineData("2026-11-20T03:59:59Z", 0.30)]
    [InlineData("2026-11-20T04:00:00Z", 0.15)]
    [InlineData("2026-11-20T17:00:00+08:00", 0.30)]
    [InlineData("2026-11-21T08:00:00Z", 0.15)]
    [InlineData("2026-11-22T08:00:00Z", 0.15)]
    [InlineData("2026-11-23T08:00:00Z", 0.30)]
    public void Peak_hours_are_dearer_on_weekdays(string now, double input) =>
        Assert.Equal(PerMillion((decimal)input), Book(new FixedTime(DateTimeOffset.Parse(now))).Resolve("deepseek", "deepseek", "deepseek-chat").Price!.Rates.Input);

    [Fact]
    public void Lookup_allocates_nothing_once_a_name_is_known()
    {
        var book = Book(pricing: Contracts);
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _ = book.Resolve("openai", "openai", "gpt-4o", "gpt-4.1-2025-04-14");
            }
        }));
    }

    [Fact]
    public void Names_beyond_what_is_remembered_still_resolve()
    {
        var book = Book();
        for (var i = 0; i < 6000; i++)
        {
            Assert.Equal("gpt-4o", book.Resolve("openai", "openai", $"gpt-4o-{i:D8}").Price!.Id);
        }
    }
}
