using EdgeGw.Pricing;
using EdgeGw.Pricing.Import;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing.Import;

public sealed class GenaiPricesImportTests
{
    private static Imports Import(string models) =>
        Imports.Of(PriceFormat.GenaiPrices, $$"""[{"id":"x-ai","name":"X","api_pattern":"","models":[{{models}}]}]""");

    private static string Model(string prices, string match = """{"equals":"m"}""") =>
        $$"""{"id":"m","match":{{match}},"context_window":1000,"prices":{{prices}}}""";

    [Fact]
    public void Every_class_and_fee_finds_its_place()
    {
        var price = Import(Model("""
            {"input_mtok":1,"output_mtok":2,"cache_read_mtok":0.5,"cache_write_mtok":3,"cache_write_1h_mtok":4,"input_audio_mtok":5,"input_image_mtok":6,
             "output_reasoning_mtok":7,"output_audio_mtok":8,"output_image_mtok":9,"cache_audio_read_mtok":0.5,"requests_kcount":12,"web_searches_kcount":10}
            """)).Known("xai", "m");
        Assert.Equal([1m, 2m, 0.5m, 3m, 4m, 5m, 6m, 7m, 8m, 9m], RateClass.All.Select(of => of.Of(price.Rates).NanoUsdPerMillion / 1_000_000_000m));
        Assert.Equal((UnitPrice.FromDollarsPerUnit(0.012m), UnitPrice.FromDollarsPerUnit(0.01m), 1000L), (price.Fees.Request, price.Fees.WebSearch, price.ContextWindow));
    }

    [Theory]
    [InlineData(200_000, 1, 3)]
    [InlineData(200_001, 2, 3)]
    [InlineData(500_001, 4, 6)]
    public void Step_starts_above_its_start_for_the_whole_request(long input, int inputRate, int outputRate)
    {
        var rates = Import(Model("""
            {"input_mtok":{"base":1,"tiers":[{"start":200000,"price":2},{"start":500000,"price":4}]},"output_mtok":{"base":3,"tiers":[{"start":500000,"price":6}]}}
            """)).Known("xai", "m").RatesFor(input);
        Assert.Equal((PerMillion(inputRate), PerMillion(outputRate)), (rates.Input, rates.Output));
    }

    [Theory]
    [InlineData("2026-01-31", 1)]
    [InlineData("2026-02-01", 2)]
    [InlineData("2026-03-01", 3)]
    public void Last_price_whose_date_has_come_is_in_force(string day, int input)
    {
        // The one of 15 March stands before one of 1 March, which always wins over it.
        var imported = Import(Model("""
            [{"prices":{"input_mtok":1}},{"constraint":{"start_date":"2026-02-01"},"prices":{"input_mtok":2}},
             {"constraint":{"start_date":"2026-03-15"},"prices":{"input_mtok":9}},{"constraint":{"start_date":"2026-03-01"},"prices":{"input_mtok":3}}]
            """));
        Assert.Equal(PerMillion(input), imported.Price("xai", "m", new FixedTime(DateTimeOffset.Parse(day + "T00:00Z")))!.Rates.Input);
        Assert.Equal(PerMillion(3), imported.Price("xai", "m", new FixedTime(DateTimeOffset.Parse("2026-04-01T00:00Z")))!.Rates.Input);
    }

    [Fact]
    public void First_price_holds_where_no_date_has_come() =>
        Assert.Equal(PerMillion(1), Import(Model("""
            [{"constraint":{"start_date":"2026-06-01"},"prices":{"input_mtok":1}},{"constraint":{"start_date":"2026-02-01"},"prices":{"input_mtok":2}}]
            """)).Price("xai", "m", new FixedTime(DateTimeOffset.Parse("2026-01-01T00:00Z")))!.Rates.Input);

    [Theory]
    [InlineData("16:00:00Z", "01:00:00Z", 1, 2, 15, 1)]
    [InlineData("16:00:00Z", "01:00:00Z", 1, 2, 16, 2)]
    [InlineData("16:00:00Z", "01:00:00Z", 1, 2, 0, 2)]
    [InlineData("16:00:00Z", "01:00:00Z", 1, 2, 1, 1)]
    [InlineData("16:00:00Z", "00:00:00Z", 4, 1, 20, 1)]
    [InlineData("16:00:00Z", "00:00:00Z", 4, 1, 0, 4)]
    [InlineData("00:00:00Z", "08:00:00Z", 4, 1, 8, 4)]
    public void Daily_interval_becomes_peak_hours(string from, string to, int otherwise, int within, int hour, int input)
    {
        var imported = Import(Model($$$"""
            [{"prices":{"input_mtok":{{{otherwise}}}}},{"constraint":{"start_time":"{{{from}}}","end_time":"{{{to}}}"},"prices":{"input_mtok":{{{within}}}}}]
            """));
        Assert.Empty(imported.Losses);
        Assert.Equal(PerMillion(input), imported.Price("xai", "m", new FixedTime(new DateTimeOffset(2026, 11, 18, hour, 30, 0, TimeSpan.Zero)))!.Rates.Input);
    }

    [Theory]
    [InlineData("00:30:00Z", """{"input_mtok":2,"output_mtok":4}""")]
    [InlineData("01:00:00Z", """{"input_mtok":2,"output_mtok":5}""")]
    [InlineData("01:00:00Z", """{"input_mtok":2}""")]
    public void Daily_interval_that_cannot_be_said_leaves_the_model_out(string from, string prices)
    {
        var imported = Import(Model(
            $$$"""[{"prices":{"input_mtok":1,"output_mtok":2}},{"constraint":{"start_time":"{{{from}}}","end_time":"16:00:00Z"},"prices":{{{prices}}}}]"""));
        Assert.Null(imported.Price("xai", "m"));
        Assert.StartsWith("prices by the time of day", Assert.Single(imported.Losses));
    }

    [Theory]
    [InlineData("""{"starts_with":"grok-x"}""", "grok-x", "grok-x-anything", "a-grok-x")]
    [InlineData("""{"contains":"grok-x"}""", "a-grok-x", "grok-x-1", "grok-y")]
    [InlineData("""{"ends_with":"grok-x"}""", "a-grok-x", "grok-x", "grok-x-1")]
    [InlineData("""{"or":[{"equals":"one"},{"or":[{"equals":"two"}]}]}""", "one", "two", "three")]
    public void Match_rules_become_names_and_patterns(string match, string name, string other, string unknown)
    {
        var imported = Import(Model("""{"input_mtok":1}""", match));
        Assert.Empty(imported.Losses);
        Assert.NotNull(imported.Price("xai", name));
        Assert.NotNull(imported.Price("xai", other));
        Assert.Null(imported.Price("xai", unknown));
    }

    [Theory]
    [InlineData("""{"input_mtok":1}""", """{"regex":"^m-\\d+$"}""", "match rules that no pattern with * can say: xai/m: regex")]
    [InlineData("""{"input_mtok":1}""", """{"and":[{"contains":"m"}]}""", "match rules that no pattern with * can say: xai/m: and")]
    [InlineData("""{"input_mtok":1,"output_citation_mtok":2}""", """{"equals":"m"}""", "prices without a class of ours: xai/m: output_citation_mtok 2")]
    [InlineData("""{}""", """{"equals":"m"}""", "no price: xai/m")]
    [InlineData("""[]""", """{"equals":"m"}""", "no price: xai/m")]
    [InlineData("""{"input_mtok":0}""", """{"equals":"m"}""", "everything costs nothing")]
    [InlineData("""{"input_mtok":1,"cache_read_mtok":2}""", """{"equals":"m"}""", "cached input dearer than input")]
    public void What_cannot_be_carried_over_is_reported(string prices, string match, string loss) =>
        Assert.StartsWith(loss, Assert.Single(Import(Model(prices, match)).Losses));

    [Fact]
    public void Name_that_stands_twice_belongs_to_the_first_and_is_reported()
    {
        var imported = Import("""
            {"id":"a","match":{"or":[{"equals":"B"},{"equals":"c"}]},"prices":{"input_mtok":1}},{"id":"b","match":{"equals":"c"},"prices":{"input_mtok":2}}
            """);
        Assert.Equal((PerMillion(2), PerMillion(1)), (imported.Known("xai", "b").Rates.Input, imported.Known("xai", "c").Rates.Input));
        Assert.Equal(2, imported.Report.Count);
    }
}
