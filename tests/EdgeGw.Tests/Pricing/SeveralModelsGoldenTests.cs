using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Answers that several models made: each part at its own model's price, while the totals stay what they are.</summary>
public sealed class SeveralModelsGoldenTests
{
    private const string Advised = """
        {"model":"claude-haiku-4-5","stop_reason":"end_turn","usage":{"input_tokens":300,"output_tokens":30,"server_tool_use":{"web_search_requests":1},"iterations":[
        {"type":"message","input_tokens":100,"output_tokens":10},
        {"type":"advisor_message","model":"claude-opus-4-8","input_tokens":1000,"cache_read_input_tokens":400,"output_tokens":50},
        {"type":"message","input_tokens":200,"output_tokens":20}]}}
        """;

    [Fact]
    public void Advisor_is_paid_at_its_own_price()
    {
        // claude-haiku-4-5 1 / 5: 300 x 1 + 30 x 5 = 450. claude-opus-4-8 5 / 0.5 / 25: 1,000 x 5 + 400 x 0.5 + 50 x 25 = 6,450. One search: 10,000.
        var (usd, source, usage) = Answers.CostOf(Dialect.Messages, "anthropic", "claude-haiku-4-5", Advised);
        Assert.Equal(("0.0169", CostSource.Catalogue), (usd, source));
        Assert.Equal((1700, 400, 80), (usage.Input, usage.CachedInput, usage.Output));
    }

    [Fact]
    public void Declined_hop_is_not_billed_and_the_fallback_is_at_its_own_price()
    {
        const string Body = """
            {"model":"claude-fable-5","stop_reason":"end_turn","usage":{"input_tokens":412,"output_tokens":264,"iterations":[
            {"type":"message","model":"claude-fable-5","input_tokens":408,"output_tokens":0},
            {"type":"fallback_message","model":"claude-opus-4-8","input_tokens":412,"output_tokens":264}]}}
            """;
        // claude-opus-4-8: 412 x 5 + 264 x 25 = 2,060 + 6,600.
        var (usd, _, usage) = Answers.CostOf(Dialect.Messages, "anthropic", "claude-fable-5", Body);
        Assert.Equal(("0.00866", 412, 264), (usd, usage.Input, usage.Output));
    }

    [Fact]
    public void Groq_compound_is_the_sum_of_its_models()
    {
        const string Body = """
            {"model":"groq/compound","usage":{"prompt_tokens":1500,"completion_tokens":300,"total_tokens":1800},"usage_breakdown":{"models":[
            {"model":"openai/gpt-oss-120b","usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}},
            {"model":"llama-3.3-70b-versatile","usage":{"prompt_tokens":500,"completion_tokens":100,"total_tokens":600}}]}}
            """;
        var one = Cost.CostOf(new Usage { Input = 1000, Output = 200 }, Price("groq", "openai/gpt-oss-120b"), default);
        // llama-3.3-70b-versatile 0.59 / 0.79: 500 x 0.59 + 100 x 0.79 = 374 micro-dollars.
        var two = Usd("0.000374");
        var (usd, source, usage) = Answers.CostOf(Dialect.ChatCompletions, "groq", "groq/compound", Body);
        Assert.True(one > NanoUsd.Zero);
        Assert.Equal(((one + two).ToString(), CostSource.Catalogue), (usd, source));
        Assert.Equal((1500, 300), (usage.Input, usage.Output));
    }

    [Fact]
    public void Part_without_a_price_costs_what_the_answer_does_and_marks_it()
    {
        var body = Advised.Replace("claude-opus-4-8", "claude-secret");
        // All of it at 1 / 0.1 / 5: 300 x 1 + 30 x 5 + 1,000 x 1 + 400 x 0.1 + 50 x 5 = 450 + 1,290, and the search.
        var (usd, source, _) = Answers.CostOf(Dialect.Messages, "anthropic", "claude-haiku-4-5", body);
        Assert.Equal(("0.01174", CostSource.None), (usd, source));
    }

    [Fact]
    public void Part_without_a_price_costs_the_ceiling_where_that_is_dearer()
    {
        var body = Advised.Replace("claude-opus-4-8", "claude-secret");
        var book = Book(pricing: new PricingConfig { Unpriced = UnpricedPolicy.Ceiling, CeilingPerMillion = 100m });
        // 450 + 1,400 x 100 + 50 x 100 + 10,000.
        Assert.Equal(("0.15545", CostSource.Ceiling), Answers.CostOf(Dialect.Messages, "anthropic", "claude-haiku-4-5", body, book) is var (usd, by, _) ? (usd, by) : default);
        book = Book(pricing: new PricingConfig { Unpriced = UnpricedPolicy.Ceiling, CeilingPerMillion = 0.01m });
        Assert.Equal(("0.01174", CostSource.Ceiling), Answers.CostOf(Dialect.Messages, "anthropic", "claude-haiku-4-5", body, book) is var (low, from, _) ? (low, from) : default);
    }

    [Fact]
    public void Contract_on_a_systems_name_holds_for_the_whole_of_it()
    {
        const string Body = """
            {"model":"groq/compound","usage":{"prompt_tokens":1500,"completion_tokens":300,"total_tokens":1800},"usage_breakdown":{"models":[
            {"model":"openai/gpt-oss-120b","usage":{"prompt_tokens":1500,"completion_tokens":300}}]}}
            """;
        var book = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("groq/groq/compound", 1m, 2m), new PriceOverride("anthropic/claude-haiku-4-5", 2m, 10m)] });
        Assert.Equal(("0.0021", CostSource.Override), Answers.CostOf(Dialect.ChatCompletions, "groq", "groq/compound", Body, book) is var (usd, by, _) ? (usd, by) : default);
        // But an advisor is not the model that was asked for: 300 x 2 + 30 x 10 = 900, the list's 6,450, the search.
        Assert.Equal(("0.01735", CostSource.Catalogue), Answers.CostOf(Dialect.Messages, "anthropic", "claude-haiku-4-5", Advised, book) is var (mixed, from, _) ? (mixed, from) : default);
    }

    [Fact]
    public void Many_models_are_bounded_and_nothing_is_lost()
    {
        var parts = string.Join(',', Enumerable.Range(0, 20).Select(i => $$$"""{"model":"m{{{i}}}","usage":{"prompt_tokens":10,"completion_tokens":1}}"""));
        var body = $$$"""{"model":"gpt-4o","usage":{"prompt_tokens":200,"completion_tokens":20,"total_tokens":220},"usage_breakdown":{"models":[{{{parts}}}]}}""";
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "groq" });
        meter.Observe(System.Text.Encoding.UTF8.GetBytes(body));
        var reading = meter.Finish();
        var read = reading.Terms.Parts!;
        Assert.Equal(8, read.Count);
        Assert.Equal((200, 20), (read.Sum(part => part.Usage.Input), read.Sum(part => part.Usage.Output)));
        Assert.Null(read[^1].Model);
    }

    [Fact]
    public void One_model_has_no_parts()
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.Messages, Provider = "anthropic" });
        meter.Observe(System.Text.Encoding.UTF8.GetBytes(Advised.Replace("claude-opus-4-8", "claude-haiku-4-5")));
        Assert.Null(meter.Finish().Terms.Parts);
    }
}
