using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Prices by the clock and by the calendar, and the names by which they are found.</summary>
public sealed class TimeGoldenTests
{
    private const string DeepSeek = """{"model":"deepseek-v4-flash","usage":{"prompt_tokens":1000,"prompt_cache_hit_tokens":600,"prompt_cache_miss_tokens":400,"completion_tokens":100,"total_tokens":1100}}""";

    [Fact]
    public void Peak_hours_double_every_class_on_weekdays()
    {
        var rates = Book(At("2026-11-20T00:59:59Z")).Resolve("deepseek", "deepseek", "deepseek-chat").Price!.Rates;
        // 400 misses, 600 hits, 100 of output at the rates of the quiet hours, in nano-dollars per million.
        var quiet = ((400 * rates.Input.NanoUsdPerMillion) + (600 * rates.CachedInput.NanoUsdPerMillion) + (100 * rates.Output.NanoUsdPerMillion)) / 1_000_000;
        Assert.True(quiet > 0);
        // The Friday's peak begins at 01:00 UTC; the Saturday has none.
        Assert.Equal(new NanoUsd(quiet).ToString(), CostAt("2026-11-20T00:59:59Z"));
        Assert.Equal(new NanoUsd(2 * quiet).ToString(), CostAt("2026-11-20T01:00:00Z"));
        Assert.Equal(new NanoUsd(quiet).ToString(), CostAt("2026-11-21T01:00:00Z"));

        static string CostAt(string time) => Answers.CostOf(Dialect.ChatCompletions, "deepseek", "deepseek-chat", DeepSeek, Book(At(time))).Usd;
    }

    [Theory]
    // gpt-5.6-terra: 2.5 / 15 until 2026-07-29, 2 / 12 from the 30th: 1,000 in and 100 out.
    [InlineData("2026-07-29T23:59:59Z", "0.004")]
    [InlineData("2026-07-30T00:00:00Z", "0.0032")]
    public void Price_of_the_day_holds(string now, string dollars) =>
        Assert.Equal(Usd(dollars), Cost.CostOf(new Usage { Input = 1000, Output = 100 }, Book(At(now)).Resolve("openai", "openai", "gpt-5.6-terra"), default));

    [Theory]
    // The answer's model counts before the one asked for: gpt-4o 2.5, gpt-4o-mini 0.15; the dated snapshot has the family's price.
    [InlineData("gpt-4o", "gpt-4o-2024-08-06", "0.0025")]
    [InlineData("gpt-4o-mini", "gpt-4o-2024-08-06", "0.0025")]
    [InlineData("our-deployment", "gpt-4o-mini-2024-07-18", "0.00015")]
    // What nobody has heard of falls back to what was asked for.
    [InlineData("gpt-4o", "gpt-9-secret", "0.0025")]
    public void Model_that_answered_is_priced_then_the_one_asked_for(string asked, string answered, string dollars)
    {
        var body = $$$"""{"model":"{{{answered}}}","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000} }""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.ChatCompletions, "azure-openai", asked, body).Usd);
    }

    private static FixedTime At(string time) => new(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
}
