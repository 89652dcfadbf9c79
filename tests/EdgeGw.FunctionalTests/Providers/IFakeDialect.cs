namespace EdgeGw.FunctionalTests.Providers;

/// <summary>The wire format of one provider API: pure text, no I/O.</summary>
internal interface IFakeDialect
{
    string Name { get; }

    /// <summary>The content type of a streamed answer.</summary>
    string StreamContentType { get; }

    string Unary(FakeAnswer answer);

    /// <summary>Everything before the first piece of text; empty when there is nothing.</summary>
    string Head(FakeAnswer answer);

    /// <summary>One piece of text; <paramref name="generated"/> counts the tokens up to and with this piece.</summary>
    string Delta(FakeAnswer answer, int index, string text, long generated);

    /// <summary>Everything after the last piece of text.</summary>
    string Tail(FakeAnswer answer);

    /// <summary>An event that carries <paramref name="text"/> and no tokens: the wrapping of the huge event.</summary>
    string Padding(FakeAnswer answer, string text);

    string Error(int status, string message);

    string ErrorEvent(string message);
}

/// <summary>What a dialect needs to know to write an answer.</summary>
/// <param name="IncludeUsage">The caller set <c>stream_options.include_usage</c>.</param>
/// <param name="AsArray">Gemini without <c>alt=sse</c>.</param>
internal sealed record FakeAnswer(string Id, string Model, FakeScript Script, bool IncludeUsage, bool AsArray)
{
    private static readonly string[] Words = ["the ", "edge ", "naïve ", "größer ", "漢字 ", "of ", "🙂 ", "\\\"quoted\\\" ", "plain ", "line\\n"];

    /// <summary>The visible text of a piece, already escaped for a JSON string; same index, same text.</summary>
    public static string TextOf(int index) => Words[index % Words.Length] + Words[(index * 7 + 3) % Words.Length];

    public string WholeText => string.Concat(Enumerable.Range(0, Script.Chunks).Select(TextOf));
}
