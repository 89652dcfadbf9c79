using System.Text;
using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Metering;

public sealed class RecordedAnswerTests
{
    private static readonly RecordedAnswer Chat = new() { Provider = "azure", Api = "chat", Model = "asked" };

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public void Answer_gives_one_line_with_usage_and_price(int? chunkSize)
    {
        var (code, output, errors) = Run(
            Chat with { ChunkSize = chunkSize },
            "{\"id\":\"i\",\"model\":\"m\",\"service_tier\":\"flex\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":4}}}",
            (provider, model, reading) =>
            {
                Assert.Equal(("azure-openai", "asked", "m", "flex"), (provider, model, reading.Model, reading.Terms.Tier));
                return (new NanoUsd(reading.Usage.Input * 1000), CostSource.Catalogue);
            });
        Assert.Equal((0, ""), (code, errors));
        using var line = JsonDocument.Parse(output);
        Assert.Equal("""{"input":10,"cached_input":4,"output":2}""", line.RootElement.GetProperty("usage").GetRawText());
        Assert.Equal("provider", line.RootElement.GetProperty("usage_source").GetString());
        Assert.Equal("0.00001", line.RootElement.GetProperty("cost_usd").GetString());
        Assert.Equal("catalogue", line.RootElement.GetProperty("cost_source").GetString());
        Assert.Equal(1, line.RootElement.GetProperty("events").GetInt32());
        Assert.Equal(0, line.RootElement.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public void Own_price_of_the_provider_reaches_the_books()
    {
        var (_, output, _) = Run(
            new RecordedAnswer { Provider = "openrouter", Api = "chat" }, "{\"usage\":{\"prompt_tokens\":10,\"cost\":0.25}}",
            static (_, _, reading) => (reading.ProviderCost!.Value, CostSource.Provider));
        Assert.Contains("\"cost_usd\":\"0.25\",\"cost_source\":\"provider\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_body_is_named_and_costs_nothing()
    {
        var (code, output, _) = Run(Chat, "{\"error\":{\"code\":\"content_filter\"}}", static (_, _, _) => throw new InvalidOperationException());
        Assert.Equal(0, code);
        Assert.Contains("\"usage\":{},\"usage_source\":\"none\",\"cost_usd\":\"0\",\"cost_source\":\"none\"", output, StringComparison.Ordinal);
        Assert.Contains("\"errors\":[\"content_filter\"]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsupported_api_names_the_supported_ones()
    {
        var (code, output, errors) = Run(Chat with { Api = "telepathy" }, "{}", static (_, _, _) => default);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("chat, completions, responses, embeddings, messages, gemini", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "a: b")]
    [InlineData(null, "no colon")]
    public void Senseless_options_are_refused(int? chunkSize, string header)
    {
        Assert.Equal(2, Run(Chat with { ChunkSize = chunkSize, Headers = [header] }, "{}", static (_, _, _) => default).Code);
    }

    private static (int Code, string Output, string Errors) Run(RecordedAnswer answer, string body, RecordedAnswer.Price price)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = answer.Meter(new MemoryStream(Encoding.UTF8.GetBytes(body)), output, errors, price);
        return (code, output.ToString(), errors.ToString());
    }
}
