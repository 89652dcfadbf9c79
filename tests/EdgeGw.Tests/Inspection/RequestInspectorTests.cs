using System.Text;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class RequestInspectorTests
{
    private static RequestFacts Facts(Dialect dialect, string body)
    {
        var result = RequestInspector.Inspect(dialect, Encoding.UTF8.GetBytes(body));
        Assert.Null(result.Error);
        return result.Facts;
    }

    private static string Slice(string body, JsonRange range) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body), range.Offset, range.Length);

    [Fact]
    public void Chat_request_yields_all_its_facts()
    {
        const string Body = """
            { "messages": [{"role":"user","content":"héllo \"model\": \"x\""}], "model" : "openai/gpt-4o" , "stream":true,
              "max_tokens": 100, "max_completion_tokens": 250, "n": 3, "service_tier": "priority", "stream_options": { "include_usage" : false } }
            """;
        var facts = Facts(Dialect.ChatCompletions, Body);
        Assert.Equal("openai/gpt-4o", facts.Model);
        Assert.Equal("\"openai/gpt-4o\"", Slice(Body, facts.ModelRange));
        Assert.True(facts.Stream);
        Assert.Equal(250, facts.MaxOutput);
        Assert.Equal(3, facts.Choices);
        Assert.Equal("priority", facts.ServiceTier);
        Assert.False(facts.IncludeUsage);
        Assert.Equal("false", Slice(Body, facts.IncludeUsageRange));
        Assert.Equal("{ \"include_usage\" : false }", Slice(Body, facts.StreamOptionsRange));
        Assert.Equal(Encoding.UTF8.GetByteCount(Body), facts.InputBytes);
        Assert.Equal(1, facts.ObjectStart);
        Assert.False(facts.HasMedia || facts.OpenEndedInput || facts.HasTools);
    }

    [Fact]
    public void Absent_members_have_their_defaults()
    {
        var facts = Facts(Dialect.ChatCompletions, """{"model":"m","stream":null,"n":null,"max_tokens":null,"service_tier":null}""");
        Assert.False(facts.Stream);
        Assert.Null(facts.MaxOutput);
        Assert.Equal(1, facts.Choices);
        Assert.Null(facts.IncludeUsage);
        Assert.Null(facts.ServiceTier);
    }

    [Theory]
    [InlineData("openai\\/gpt-4o", "openai/gpt-4o")]
    [InlineData("gpt\\u002d4o", "gpt-4o")]
    public void Escaped_model_is_read_as_json_and_its_range_is_the_raw_token(string written, string meant)
    {
        var body = $$"""{"model":"{{written}}"}""";
        var facts = Facts(Dialect.ChatCompletions, body);
        Assert.Equal(meant, facts.Model);
        Assert.Equal($"\"{written}\"", Slice(body, facts.ModelRange));
    }

    [Fact]
    public void Escaped_member_name_is_the_member()
    {
        Assert.Equal("m", Facts(Dialect.ChatCompletions, """{"mod\u0065l":"m"}""").Model);
        var twice = RequestInspector.Inspect(Dialect.ChatCompletions, """{"model":"m","mod\u0065l":"x"}"""u8);
        Assert.Equal(InspectionErrorKind.DuplicateMember, twice.Error!.Value.Kind);
    }

    [Fact]
    public void Model_deeper_in_the_body_is_not_the_model()
    {
        var facts = Facts(Dialect.ChatCompletions, """{"messages":[{"model":"inner","stream":true}],"metadata":{"model":"inner"},"model":"outer"}""");
        Assert.Equal("outer", facts.Model);
        Assert.False(facts.Stream);
    }

    [Fact]
    public void Common_model_names_are_one_string()
    {
        var first = Facts(Dialect.ChatCompletions, """{"model":"gpt-4.1-nano"}""").Model;
        var second = Facts(Dialect.Responses, """{"model":"gpt-4.1-nano"}""").Model;
        Assert.Same(first, second);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e3", 1000L)]
    [InlineData("12.2", 13L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("1e300", long.MaxValue)]
    public void Output_cap_is_rounded_up_and_saturated(string written, long? cap) =>
        Assert.Equal(cap, Facts(Dialect.Messages, $$"""{"model":"m","max_tokens":{{written}}}""").MaxOutput);

    [Fact]
    public void Responses_request_yields_cap_background_and_stored_input()
    {
        var facts = Facts(Dialect.Responses, """{"model":"gpt-5","max_output_tokens":64,"background":true,"previous_response_id":"resp_1","input":"x"}""");
        Assert.Equal(64, facts.MaxOutput);
        Assert.True(facts.Background);
        Assert.True(facts.OpenEndedInput);
        Assert.False(Facts(Dialect.Responses, """{"model":"gpt-5","previous_response_id":null,"prompt":null}""").OpenEndedInput);
        Assert.True(Facts(Dialect.Responses, """{"model":"gpt-5","prompt":{"id":"pmpt_1"}}""").OpenEndedInput);
    }

    [Fact]
    public void Gemini_request_yields_its_nested_cap_in_either_spelling()
    {
        var camel = Facts(Dialect.Gemini, """{"contents":[],"generationConfig":{"maxOutputTokens":7,"candidateCount":2},"serviceTier":"flex"}""");
        Assert.Equal((7, 2, "flex"), (camel.MaxOutput, camel.Choices, camel.ServiceTier));
        var snake = Facts(Dialect.Gemini, """{"model":"models/x","generation_config":{"max_output_tokens":8,"candidate_count":3}}""");
        Assert.Equal((8, 3, null), (snake.MaxOutput, snake.Choices, snake.Model));
        Assert.Null(Facts(Dialect.Gemini, """{"contents":[{"generationConfig":{"maxOutputTokens":7}}]}""").MaxOutput);
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"one"}""", 1)]
    [InlineData("""{"model":"m","prompt":["a","b","c"],"n":2}""", 6)]
    [InlineData("""{"model":"m","prompt":[1,2,3]}""", 1)]
    [InlineData("""{"model":"m","prompt":[[1,2],[3]],"n":1,"best_of":4}""", 8)]
    [InlineData("""{"model":"m","prompt":["a","b"],"n":9223372036854775807}""", long.MaxValue)]
    public void Legacy_completion_bills_every_choice_of_every_prompt(string body, long choices) =>
        Assert.Equal(choices, Facts(Dialect.Completions, body).Choices);

    [Theory]
    [InlineData("""{"anthropic_version":"bedrock-2023-05-31","max_tokens":64}""", 64, 1)]
    [InlineData("""{"prompt":"x","max_tokens_to_sample":64}""", 64, 1)]
    [InlineData("""{"prompt":"x","max_gen_len":64}""", 64, 1)]
    [InlineData("""{"inputText":"x","textGenerationConfig":{"temperature":0,"maxTokenCount":64}}""", 64, 1)]
    [InlineData("""{"messages":[],"inferenceConfig":{"maxTokens":64}}""", 64, 1)]
    [InlineData("""{"messages":[],"inferenceConfig":{"max_new_tokens":64}}""", 64, 1)]
    [InlineData("""{"prompt":"x","maxTokens":64,"numResults":2}""", 64, 2)]
    [InlineData("""{"prompt":"x","max_tokens":64,"num_generations":3}""", 64, 3)]
    [InlineData("""{"inputText":"x"}""", null, 1)]
    public void InvokeModel_takes_the_cap_of_each_model_family(string body, int? cap, int choices)
    {
        var facts = RequestInspector.Inspect(Dialect.InvokeModel, Encoding.UTF8.GetBytes(body), modelInPath: true).Facts;
        Assert.Equal((cap, choices), ((int?)facts.MaxOutput, (int)facts.Choices));
    }

    [Fact]
    public void Spellings_of_Bedrocks_families_mean_nothing_elsewhere() =>
        Assert.Null(Facts(Dialect.ChatCompletions, """{"model":"m","maxTokens":7,"textGenerationConfig":{"maxTokenCount":7}}""").MaxOutput);

    [Fact]
    public void Embeddings_generate_nothing() => Assert.Equal(0, Facts(Dialect.Embeddings, """{"model":"m","input":["a","b"]}""").MaxOutput);

    [Fact]
    public void Anthropic_speed_is_a_service_tier()
    {
        Assert.Equal("fast", Facts(Dialect.Messages, """{"model":"m","speed":"fast","service_tier":"auto"}""").ServiceTier);
        Assert.Equal("auto", Facts(Dialect.Messages, """{"model":"m","speed":"standard","service_tier":"auto"}""").ServiceTier);
    }

    [Theory]
    [InlineData(Dialect.ChatCompletions, "\"max_output_tokens\":7")]
    [InlineData(Dialect.ChatCompletions, "\"generationConfig\":{\"maxOutputTokens\":7}")]
    [InlineData(Dialect.Responses, "\"max_tokens\":7")]
    [InlineData(Dialect.Responses, "\"max_completion_tokens\":7")]
    [InlineData(Dialect.Messages, "\"max_output_tokens\":7")]
    [InlineData(Dialect.Messages, "\"max_completion_tokens\":7")]
    [InlineData(Dialect.CohereChat, "\"max_output_tokens\":7")]
    public void Output_cap_in_another_dialects_words_does_not_lower_the_bound(Dialect dialect, string member) =>
        Assert.Null(Facts(dialect, $$"""{"model":"m",{{member}}}""").MaxOutput);

    [Fact]
    public void Opaque_body_is_not_read()
    {
        var result = RequestInspector.Inspect(Dialect.Opaque, "--boundary\r\n"u8);
        Assert.True(result.IsValid);
        Assert.Equal(12, result.Facts.InputBytes);
        Assert.True(result.Facts.OpenEndedInput);
    }

    [Fact]
    public void Model_in_the_path_need_not_be_in_the_body()
    {
        Assert.True(RequestInspector.Inspect(Dialect.ChatCompletions, "{}"u8, modelInPath: true).IsValid);
        Assert.Equal(InspectionErrorKind.MissingModel, RequestInspector.Inspect(Dialect.ChatCompletions, "{}"u8).Error!.Value.Kind);
    }
}
