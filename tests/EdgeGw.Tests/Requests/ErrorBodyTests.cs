using System.Buffers;
using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Requests;

namespace EdgeGw.Tests.Requests;

public sealed class ErrorBodyTests
{
    private static readonly Refusal OverBudget = new(429, "budget_exceeded", "Budget \"team\" is exhausted.");

    [Fact]
    public void OpenAI_dialects_get_OpenAIs_envelope()
    {
        var error = Write(Dialect.Responses, OverBudget).GetProperty("error");
        Assert.Equal("budget_exceeded", error.GetProperty("code").GetString());
        Assert.Equal(OverBudget.Message, error.GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("param").ValueKind);
    }

    [Fact]
    public void Messages_gets_Anthropics_envelope()
    {
        var body = Write(Dialect.Messages, OverBudget);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("rate_limit_error", body.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public void Gemini_gets_Googles_envelope()
    {
        var error = Write(Dialect.Gemini, OverBudget).GetProperty("error");
        Assert.Equal(429, error.GetProperty("code").GetInt32());
        Assert.Equal("RESOURCE_EXHAUSTED", error.GetProperty("status").GetString());
        Assert.Equal("budget_exceeded", error.GetProperty("details")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void Bedrock_gets_its_envelope_and_a_header_for_the_kind()
    {
        var body = Write(Dialect.Converse, OverBudget);
        Assert.Equal((OverBudget.Message, "budget_exceeded"), (body.GetProperty("message").GetString(), body.GetProperty("code").GetString()));
        Assert.Equal("ServiceQuotaExceededException", ErrorBody.TypeHeader(Dialect.InvokeModel, OverBudget));
        Assert.Null(ErrorBody.TypeHeader(Dialect.Messages, OverBudget));
    }

    [Theory]
    [InlineData("/bedrok/model/a.b-v1:0/converse-stream", Dialect.Converse)]
    [InlineData("/anthropic/v1/messages", Dialect.Messages)]
    [InlineData("/gemini/v1beta/models/x:generateContent", Dialect.Gemini)]
    [InlineData("/nowhere", Dialect.ChatCompletions)]
    public void StyleOf_a_path_without_a_route_is_guessed_from_its_words(string path, Dialect style) => Assert.Equal(style, Refusal.StyleOf(path));

    private static JsonElement Write(Dialect dialect, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>();
        ErrorBody.Write(body, dialect, refusal, Guid.NewGuid());
        return JsonDocument.Parse(body.WrittenMemory).RootElement;
    }
}
