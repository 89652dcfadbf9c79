using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

public sealed class ContractPriceGoldenTests
{
    private static readonly Usage Everything = new()
    {
        Input = 6000,
        CachedInput = 1000,
        CacheWrite = 2000,
        CacheWrite1h = 500,
        AudioInput = 700,
        ImageInput = 300,
        Output = 4000,
        Reasoning = 1000,
        AudioOutput = 200,
        ImageOutput = 100,
        WebSearches = 2,
    };

    [Fact]
    public void Every_class_and_fee_can_be_agreed_on()
    {
        var book = Book(pricing: new PricingConfig
        {
            Overrides =
            [
                new PriceOverride("openai/gpt-4o*", 1m, 10m)
                {
                    CachedInput = 0.5m,
                    CacheWrite = 2m,
                    CacheWrite1h = 3m,
                    AudioInput = 4m,
                    ImageInput = 5m,
                    Reasoning = 11m,
                    AudioOutput = 12m,
                    ImageOutput = 13m,
                    Fees = new FeeOverride { Request = 0.001m, WebSearch = 0.005m },
                },
            ],
        });
        // Input: 2,000 x 1 + 1,000 x 0.5 + 1,500 x 2 + 500 x 3 + 700 x 4 + 300 x 5 = 2,000 + 500 + 3,000 + 1,500 + 2,800 + 1,500 = 11,300.
        // Output: 2,700 x 10 + 1,000 x 11 + 200 x 12 + 100 x 13 = 27,000 + 11,000 + 2,400 + 1,300 = 41,700. Fees: 1,000 + 2 x 5,000.
        Assert.Equal(Usd("0.064"), Cost.CostOf(Everything, book.Resolve("openai", "openai", "gpt-4o"), "priority"));
    }

    [Fact]
    public void Long_inputs_and_places_cost_the_agreed_price()
    {
        var book = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("*/claude-*", 1m, 2m)] });
        // 300,000 x 1: flat at any length, in the US too.
        Assert.Equal(Usd("0.3"), Cost.CostOf(new Usage { Input = 300_000 }, book.Resolve("anthropic", "anthropic", "claude-sonnet-4-5"), new ServedTerms { Geography = "us" }));
        Assert.Equal(Usd("0.3"), Cost.CostOf(new Usage { Input = 300_000 }, book.Resolve("anthropic", "anthropic", "claude-opus-4-6"), new ServedTerms { Geography = "us" }));
    }

    [Theory]
    [InlineData("gold", null, null, "1")]
    [InlineData("silver", null, null, "2")]
    [InlineData("bronze", null, null, "4")]
    [InlineData("bronze", "ci", null, "3")]
    [InlineData("bronze", null, "research", "3.5")]
    [InlineData(null, null, null, "4")]
    public void Prices_by_caller_are_tried_in_order_and_the_rest_pays_the_common_one(string? group, string? key, string? team, string dollars)
    {
        var book = Book(pricing: new PricingConfig
        {
            Overrides =
            [
                new PriceOverride("openai/gpt-4o", 1m, 0) { Match = new PrincipalMatch { Groups = ["gold", "platinum"] } },
                new PriceOverride("openai/gpt-*", 2m, 0) { Match = new PrincipalMatch { Groups = ["silver"] } },
                new PriceOverride("openai/gpt-4o", 3m, 0) { Match = new PrincipalMatch { Keys = ["ci"], Groups = ["bronze"] } },
                new PriceOverride("openai/gpt-4o", 3.5m, 0) { Match = new PrincipalMatch { Metadata = new Dictionary<string, string> { ["team"] = "research" } } },
                new PriceOverride("openai/gpt-4o", 4m, 0),
            ],
        });
        var principal = new Principal
        {
            Groups = group is null ? [] : [group],
            KeyName = key,
            Metadata = team is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["team"] = team },
        };
        var price = book.Resolve(new PriceQuestion("openai", "openai", "gpt-4o", principal), "gpt-4o-2024-08-06");
        Assert.Equal((CostSource.Override, Usd(dollars)), (price.Source, Cost.CostOf(new Usage { Input = 1_000_000 }, price, default)));
    }

    [Fact]
    public void Price_for_some_leaves_the_list_to_the_others()
    {
        var book = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("openai/*", 1m, 1m) { Match = new PrincipalMatch { Services = ["*"], Users = ["*"] } }] });
        Assert.Equal(CostSource.Catalogue, book.Resolve("openai", "openai", "gpt-4o").Source);
        Assert.Equal(CostSource.None, book.Resolve("openai", "openai", "unheard-of").Source);
        var service = new Principal { Service = "s" };
        Assert.Equal(CostSource.Catalogue, book.Resolve(new PriceQuestion("openai", "openai", "gpt-4o", service)).Source);
        var both = new Principal { Service = "s", User = "u" };
        Assert.Equal(CostSource.Override, book.Resolve(new PriceQuestion("openai", "openai", "gpt-4o", both)).Source);
        Assert.Equal(CostSource.Override, book.Resolve(new PriceQuestion("openai", "openai", "unheard-of", both)).Source);
    }
}
