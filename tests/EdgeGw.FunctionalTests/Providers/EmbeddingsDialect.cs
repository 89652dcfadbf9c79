namespace EdgeGw.FunctionalTests.Providers;

/// <summary>OpenAI Embeddings: never streamed, no output.</summary>
internal sealed class EmbeddingsDialect : IFakeDialect
{
    public string Name => "embeddings";

    public string StreamContentType => throw new NotSupportedException();

    public string Unary(FakeAnswer answer) =>
        $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5,0.125]}],"model":"{{{answer.Model}}}","usage":{"prompt_tokens":{{{answer.Script.Input}}},"total_tokens":{{{answer.Script.Input}}}}}""";

    public string Head(FakeAnswer answer) => throw new NotSupportedException();

    public string Delta(FakeAnswer answer, int index, string text, long generated) => throw new NotSupportedException();

    public string Tail(FakeAnswer answer) => throw new NotSupportedException();

    public string Padding(FakeAnswer answer, string text) => throw new NotSupportedException();

    public string Error(int status, string message) =>
        $$$"""{"error": {"message": "{{{message}}}", "type": "fake_error", "param": null, "code": "fake_{{{status}}}"}}""";

    public string ErrorEvent(string message) => throw new NotSupportedException();
}
