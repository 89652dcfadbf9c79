using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class OutputCapTests
{
    [Theory]
    [InlineData(Dialect.ChatCompletions, """{"model":"m","max_tokens": 64000 ,"x":[1, 2]}""", """{"model":"m","max_tokens": 812 ,"x":[1, 2]}""")]
    [InlineData(Dialect.ChatCompletions, """{"max_completion_tokens":64e3,"model":"m"}""", """{"max_completion_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.ChatCompletions, """{"max_completion_tokens":64000,"model":"m","max_tokens":100}""", """{"max_completion_tokens":812,"model":"m","max_tokens":100}""")]
    [InlineData(Dialect.ChatCompletions, """{"model":"m","max_tokens":null,"messages":[{"max_tokens":5}]}""", """{"model":"m","max_tokens":812,"messages":[{"max_tokens":5}]}""")]
    [InlineData(Dialect.Completions, """{"model":"m","max_tokens":-1}""", """{"model":"m","max_tokens":812}""")]
    [InlineData(Dialect.Responses, """{"model":"m","max_output_tokens":64000}""", """{"model":"m","max_output_tokens":812}""")]
    [InlineData(Dialect.Messages, """{"model":"m","max_tokens":64000}""", """{"model":"m","max_tokens":812}""")]
    [InlineData(Dialect.Gemini, """{"generationConfig":{"topK":1,"maxOutputTokens":64000},"contents":[]}""", """{"generationConfig":{"topK":1,"maxOutputTokens":812},"contents":[]}""")]
    [InlineData(Dialect.Converse, """{"inferenceConfig":{"maxTokens":64000}}""", """{"inferenceConfig":{"maxTokens":812}}""")]
    [InlineData(Dialect.InvokeModel, """{"max_tokens":64000}""", """{"max_tokens":812}""")]
    [InlineData(Dialect.InvokeModel, """{"textGenerationConfig":{"maxTokenCount":64000}}""", """{"textGenerationConfig":{"maxTokenCount":812}}""")]
    [InlineData(Dialect.CohereChat, """{"model":"m","max_tokens":64000}""", """{"model":"m","max_tokens":812}""")]
    [InlineData(Dialect.Ollama, """{"model":"m","options":{"seed":1,"num_predict":64000}}""", """{"model":"m","options":{"seed":1,"num_predict":812}}""")]
    public void Cap_of_the_caller_is_lowered_in_place(Dialect dialect, string body, string expected) => Check(dialect, "other", body, expected);

    [Theory]
    [InlineData(Dialect.ChatCompletions, "openai", """{"model":"m"}""", """{"max_completion_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.ChatCompletions, "azure-openai", """{"model":"m"}""", """{"max_completion_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.ChatCompletions, "mistral", """{"model":"m"}""", """{"max_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.Completions, "openai", """{"model":"m"}""", """{"max_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.Responses, "openai", """ { "model":"m"}""", """ {"max_output_tokens":812, "model":"m"}""")]
    [InlineData(Dialect.CohereChat, "cohere", """{"model":"m"}""", """{"max_tokens":812,"model":"m"}""")]
    [InlineData(Dialect.Gemini, "gemini", """{"contents":[]}""", """{"generationConfig":{"maxOutputTokens":812},"contents":[]}""")]
    [InlineData(Dialect.Gemini, "gemini", """{"generationConfig":{"topK":1},"contents":[]}""", """{"generationConfig":{"maxOutputTokens":812,"topK":1},"contents":[]}""")]
    [InlineData(Dialect.Gemini, "gemini", """{"generationConfig":{ },"contents":[]}""", """{"generationConfig":{"maxOutputTokens":812 },"contents":[]}""")]
    [InlineData(Dialect.Gemini, "gemini", """{"generation_config":null,"contents":[]}""", """{"generation_config":{"maxOutputTokens":812},"contents":[]}""")]
    [InlineData(Dialect.Interactions, "gemini", """{"input":"x"}""", """{"generation_config":{"max_output_tokens":812},"input":"x"}""")]
    [InlineData(Dialect.Converse, "bedrock", """{"messages":[]}""", """{"inferenceConfig":{"maxTokens":812},"messages":[]}""")]
    [InlineData(Dialect.Ollama, "ollama", """{"options":{"maxTokens":5}}""", """{"options":{"num_predict":812,"maxTokens":5}}""")]
    [InlineData(Dialect.Gemini, "gemini", """{"generationConfig":{"num_predict":5}}""", """{"generationConfig":{"maxOutputTokens":812,"num_predict":5}}""")]
    [InlineData(Dialect.Ollama, "ollama", """{"model":"m","max_tokens":5}""", """{"options":{"num_predict":812},"model":"m","max_tokens":5}""")]
    public void Missing_cap_is_put_where_the_dialect_has_it(Dialect dialect, string kind, string body, string expected) => Check(dialect, kind, body, expected);

    [Theory]
    [InlineData(Dialect.InvokeModel, """{"prompt":"x"}""")]
    [InlineData(Dialect.Watsonx, """{"model_id":"m","input":"x"}""")]
    [InlineData(Dialect.Messages, """{"model":"m","max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":812}}""")]
    public void Body_without_a_place_for_it_or_with_more_thinking_than_that_is_left_alone(Dialect dialect, string body) =>
        Assert.Null(OutputCap.Edits(dialect, "other", Encoding.UTF8.GetBytes(body), 812));

    [Fact]
    public void Thinking_below_the_cap_is_no_obstacle() => Check(
        Dialect.Messages, "anthropic", """{"max_tokens":64000,"thinking":{"budget_tokens":811},"model":"m"}""",
        """{"max_tokens":812,"thinking":{"budget_tokens":811},"model":"m"}""");

    private static void Check(Dialect dialect, string kind, string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var pieces = new List<ReadOnlyMemory<byte>>();
        BodyEdits.Apply(bytes, OutputCap.Edits(dialect, kind, bytes, 812), pieces);
        var edited = pieces.SelectMany(static piece => piece.ToArray()).ToArray();
        Assert.Equal(expected, Encoding.UTF8.GetString(edited));
        Assert.NotNull(JsonNode.Parse(edited));
        // What was written is what the next reader takes for the cap.
        Assert.Equal(812, RequestInspector.Inspect(dialect, edited, modelInPath: true).Facts.MaxOutput);
    }
}
