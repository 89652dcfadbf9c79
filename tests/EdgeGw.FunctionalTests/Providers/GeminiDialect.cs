namespace EdgeGw.FunctionalTests.Providers;

/// <summary>Gemini generateContent, as server-sent events with CRLF or as a slow JSON array.</summary>
internal sealed class GeminiDialect(bool asArray) : IFakeDialect
{
    public string Name => "gemini";

    public string StreamContentType => asArray ? "application/json; charset=UTF-8" : "text/event-stream";

    public string Unary(FakeAnswer answer) => Piece(answer, answer.WholeText, answer.Script.Output, "STOP") + "\n";

    public string Head(FakeAnswer answer) => asArray ? "[" : "";

    public string Delta(FakeAnswer answer, int index, string text, long generated)
    {
        var piece = Piece(answer, text, generated, index == answer.Script.Chunks - 1 ? "STOP" : null);
        return Frame(piece, index == 0);
    }

    public string Tail(FakeAnswer answer) => asArray ? "\n]" : "";

    public string Padding(FakeAnswer answer, string text) => Frame(Piece(answer, text, 0, null), first: true);

    public string Error(int status, string message) =>
        $$$"""{"error": {"code": {{{status}}}, "message": "{{{message}}}", "status": "{{{(status == 429 ? "RESOURCE_EXHAUSTED" : "INTERNAL")}}}"}}""";

    public string ErrorEvent(string message) => Frame(Error(500, message), first: false);

    private string Frame(string piece, bool first) => asArray ? (first ? piece : ",\r\n" + piece) : $"data: {piece}\r\n\r\n";

    private static string Piece(FakeAnswer answer, string text, long generated, string? finish)
    {
        var script = answer.Script;
        // Thinking stands beside the visible tokens here; it is spread so that the two always sum to what was generated.
        var thoughts = script.Output == 0 ? 0 : script.Reasoning * generated / script.Output;
        var reason = finish is null ? "" : $",\"finishReason\":\"{finish}\"";
        return $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{text}}}"}],"role":"model"}{{{reason}}},"index":0}],"usageMetadata":{"promptTokenCount":{{{script.Input}}},"cachedContentTokenCount":{{{script.CachedInput}}},"candidatesTokenCount":{{{generated - thoughts}}},"thoughtsTokenCount":{{{thoughts}}},"totalTokenCount":{{{script.Input + generated}}}},"modelVersion":"{{{answer.Model}}}","responseId":"{{{answer.Id}}}"}""";
    }
}
