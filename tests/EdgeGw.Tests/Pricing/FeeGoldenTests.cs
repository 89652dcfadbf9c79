using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>What is charged beside tokens: by the answer, the search, the image, the second, the character, the page.</summary>
public sealed class FeeGoldenTests
{
    [Fact]
    public void Gemini_grounding_is_by_answer_before_and_by_query_since_the_third_generation()
    {
        const string Body = """{"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":0,"totalTokenCount":1000}}""";
        // 2.5-flash: 1,000 x 0.3 and 0.035 once. 3-flash: 1,000 x 0.5 and 2 x 0.014.
        Assert.Equal("0.0353", Answers.CostOf(Dialect.Gemini, "gemini", "gemini-2.5-flash", Body).Usd);
        Assert.Equal("0.0285", Answers.CostOf(Dialect.Gemini, "gemini", "gemini-3-flash-preview", Body).Usd);
    }

    [Fact]
    public void Responses_tools_are_counted_by_item_and_sandboxes_by_name()
    {
        // gpt-4o 1,000 x 2.5 + 0 = 2,500 micro-dollars; two web searches at 0.01, one file search at 0.0025; two sandboxes have no listed price.
        const string Body = """{"model":"gpt-4o","status":"completed","output":[{"type":"web_search_call"},{"type":"file_search_call"},{"type":"web_search_call"},{"type":"code_interpreter_call","container_id":"c1"},{"type":"code_interpreter_call","container_id":"c2"},{"type":"code_interpreter_call","container_id":"c1"}],"usage":{"input_tokens":1000,"output_tokens":0,"total_tokens":1000}}""";
        var (usd, _, usage) = Answers.CostOf(Dialect.Responses, "openai", "gpt-4o", Body);
        Assert.Equal((2, 1, 2), (usage.WebSearches, usage.FileSearches, usage.Containers));
        Assert.Equal("0.025", usd);
        var contract = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("openai/gpt-4o", 2.5m, 10m) { Fees = new FeeOverride { Container = 0.03m } }] });
        Assert.Equal("0.085", Answers.CostOf(Dialect.Responses, "openai", "gpt-4o", Body, contract).Usd);
    }

    [Fact]
    public void Streamed_responses_count_each_tool_once_although_the_last_event_repeats_them()
    {
        const string Body =
            "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"file_search_call\"}}\n\n" +
            "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"code_interpreter_call\",\"container_id\":\"c1\"}}\n\n" +
            "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"web_search_call\"}}\n\n" +
            "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"web_search_call\"}}\n\n" +
            "data: {\"type\":\"response.completed\",\"response\":{\"model\":\"gpt-4o\",\"status\":\"completed\",\"output\":[{\"type\":\"file_search_call\"},{\"type\":\"code_interpreter_call\",\"container_id\":\"c1\"}," +
            "{\"type\":\"web_search_call\"},{\"type\":\"web_search_call\"}],\"usage\":{\"input_tokens\":10,\"output_tokens\":0,\"total_tokens\":10}}}\n\n";
        var usage = Answers.CostOf(Dialect.Responses, "openai", "gpt-4o", Body).Usage;
        Assert.Equal((2, 1, 1), (usage.WebSearches, usage.FileSearches, usage.Containers));
        // Cut before the last event: what had been run by then is still known.
        usage = Answers.CostOf(Dialect.Responses, "openai", "gpt-4o", Body[..Body.IndexOf("data: {\"type\":\"response.completed", StringComparison.Ordinal)]).Usage;
        Assert.Equal((2, 1, 1), (usage.WebSearches, usage.FileSearches, usage.Containers));
    }

    [Theory]
    [InlineData("dall-e-3", """{"model":"dall-e-3","prompt":"x"}""", 1, "0.04")]
    [InlineData("dall-e-3", """{"model":"dall-e-3","prompt":"x","size":"1024x1792","quality":"hd"}""", 1, "0.12")]
    [InlineData("dall-e-3", """{"model":"dall-e-3","prompt":"x","quality":"hd"}""", 1, "0.08")]
    [InlineData("dall-e-2", """{"model":"dall-e-2","prompt":"x","n":3,"size":"256x256"}""", 3, "0.048")]
    [InlineData("dall-e-2", """{"model":"dall-e-2","prompt":"x","n":2,"quality":"standard"}""", 2, "0.04")]
    // A size that no list knows costs the most of them.
    [InlineData("dall-e-2", """{"model":"dall-e-2","prompt":"x","size":"9x9"}""", 1, "0.02")]
    [InlineData("dall-e-3", """{"model":"dall-e-3","prompt":"x","size":["1024x1024"],"quality":"ultra"}""", 1, "0.12")]
    public void Images_cost_by_size_and_quality_in_hold_and_settlement(string model, string request, int count, string dollars)
    {
        var facts = RequestInspector.Inspect(Dialect.Images, System.Text.Encoding.UTF8.GetBytes(request)).Facts;
        var price = Price("openai", model).For(facts);
        Assert.Equal(Usd(dollars) + new NanoUsd(8), HoldEstimate.UpperBound(facts with { MaxOutput = 0 }, price, new RequestConfig()));
        var body = "{\"data\":[" + string.Join(',', Enumerable.Repeat("{\"url\":\"u\"}", count)) + "]}";
        Assert.Equal(dollars, Answers.CostOf(Dialect.Images, "openai", model, body, facts: facts).Usd);
    }

    [Fact]
    public void Image_forms_say_the_same()
    {
        const string Form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ndall-e-2\r\n--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n4\r\n" +
            "--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n512x512\r\n--b--\r\n";
        var facts = RequestInspector.Inspect(Dialect.Images, System.Text.Encoding.UTF8.GetBytes(Form)).Facts;
        Assert.Equal(("dall-e-2", 4, "512x512"), (facts.Model, facts.Choices, facts.ImageSize));
        // 4 x 0.018.
        Assert.Equal(Usd("0.072") + new NanoUsd(8), HoldEstimate.UpperBound(facts with { MaxOutput = 0 }, Price("openai", "dall-e-2").For(facts), new RequestConfig()));
    }

    [Theory]
    // whisper-1: 0.0001 a second; a part of a second counts as one.
    [InlineData("""{"text":"Hi","usage":{"type":"duration","seconds":9}}""", "0.0009")]
    [InlineData("""{"text":"Hi","usage":{"type":"duration","seconds":8.2}}""", "0.0009")]
    [InlineData("""{"task":"transcribe","duration":8.2,"text":"Hi"}""", "0.0009")]
    public void Speech_to_text_is_by_the_second(string body, string dollars) =>
        Assert.Equal(dollars, Answers.CostOf(Dialect.Transcriptions, "openai", "whisper-1", body).Usd);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(3, "0.1")]
    [InlineData(10, "0.1")]
    [InlineData(11, "0.11")]
    public void Some_providers_bill_a_least_number_of_seconds(long seconds, string dollars)
    {
        var price = new ModelPrice
        {
            Id = "w",
            Rates = new PriceRates { Input = UnitPrice.Zero, Output = UnitPrice.Zero },
            Fees = new UnitFees { Second = UnitPrice.FromDollarsPerUnit(0.01m), MinSeconds = 10 },
        };
        Assert.Equal(Usd(dollars), Cost.CostOf(new Usage { Seconds = seconds }, new PricedModel(price, CostSource.Catalogue), default));
    }

    [Theory]
    [InlineData("""{"model":"tts-1","input":"Hello"}""", 5)]
    [InlineData("""{"model":"tts-1","input":"\u00fc\n\ud83d\ude00é"}""", 4)]
    [InlineData("""{"model":"tts-1","input":""}""", 0)]
    public void Text_to_speech_is_by_the_character(string request, long characters)
    {
        var facts = RequestInspector.Inspect(Dialect.Speech, System.Text.Encoding.UTF8.GetBytes(request)).Facts;
        Assert.Equal(characters, facts.Characters);
        // tts-1: 0.000015 a character, in the hold and for what was spoken.
        var amount = Usd("0.000015").Value * characters;
        Assert.Equal(amount == 0 ? 0 : amount + 8, HoldEstimate.UpperBound(facts with { MaxOutput = 0 }, Price("openai", "tts-1"), new RequestConfig())!.Value.Value);
        Assert.Equal(new NanoUsd(amount), Cost.CostOf(new Usage { Characters = characters }, Price("openai", "tts-1"), default));
    }

    [Fact]
    public void Ocr_is_by_the_page()
    {
        var book = Book(pricing: new PricingConfig { Overrides = [new PriceOverride("mistral/mistral-ocr-*", 0, 0) { Fees = new FeeOverride { Page = 0.002m } }] });
        var (usd, source, usage) = Answers.CostOf(
            Dialect.Ocr, "mistral", "mistral-ocr-2512", """{"model":"mistral-ocr-2512","pages":[],"usage_info":{"pages_processed":7,"doc_size_bytes":1}}""", book);
        // 7 x 0.002.
        Assert.Equal(("0.014", CostSource.Override, 7), (usd, source, usage.Pages));
    }

    [Fact]
    public void Rerank_is_by_the_search_unit() =>
        // rerank-v3.5: 0.002 a unit.
        Assert.Equal("0.004", Answers.CostOf(Dialect.Rerank, "cohere", "rerank-v3.5", """{"results":[],"meta":{"billed_units":{"search_units":2}}}""").Usd);

    [Theory]
    // sonar 1 / 1 and 0.005, 0.008, 0.012 an answer: 10 + 4 tokens are 14 micro-dollars.
    [InlineData("{}", "0.005014")]
    [InlineData("""{"web_search_options":{"search_context_size":"low"}}""", "0.005014")]
    [InlineData("""{"web_search_options":{"search_context_size":"medium"}}""", "0.008014")]
    [InlineData("""{"web_search_options":{"search_context_size":"high"}}""", "0.012014")]
    [InlineData("""{"web_search_options":{"search_context_size":"huge"}}""", "0.012014")]
    public void Perplexity_charges_an_answer_by_its_search_context(string request, string dollars)
    {
        var body = "{\"model\":\"sonar\"" + (request == "{}" ? "}" : "," + request[1..]);
        var facts = RequestInspector.Inspect(Dialect.ChatCompletions, System.Text.Encoding.UTF8.GetBytes(body)).Facts;
        const string Body = """{"model":"sonar","usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14}}""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.ChatCompletions, "perplexity", "sonar", Body, facts: facts).Usd);
    }

    [Fact]
    public void Hold_covers_the_fees_of_every_tool_that_may_run()
    {
        var facts = RequestInspector.Inspect(Dialect.Responses,
            """{"model":"gpt-4o","input":"x","max_output_tokens":0,"tools":[{"type":"file_search"},{"type":"code_interpreter","container":{"type":"auto"}},{"type":"web_search","max_uses":2}]}"""u8).Facts;
        Assert.Equal((10, 1, 2), (facts.FileSearches, facts.Containers, facts.WebSearches));
        var with = HoldEstimate.UpperBound(facts, Price("openai", "gpt-4o"), new RequestConfig())!.Value;
        var without = HoldEstimate.UpperBound(facts with { FileSearches = 0, WebSearches = 0 }, Price("openai", "gpt-4o"), new RequestConfig())!.Value;
        // 10 x 0.0025 + 2 x 0.01.
        Assert.Equal(Usd("0.045"), with - without);
    }
}
