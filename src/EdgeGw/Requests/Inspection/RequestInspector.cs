using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>Reads what the gateway needs from a request's JSON body in one forward scan, without building a document and without changing a byte.</summary>
public static class RequestInspector
{
    /// <summary>How deep a body may nest.</summary>
    public const int MaxDepth = JsonTokenizer.MaxDepth;

    /// <summary>The longest model name in bytes: it becomes a header, a metric's label and a key in the books.</summary>
    public const int LongestModel = 256;

    /// <summary>Scans a body. An opaque one is not read at all: it need not be JSON.</summary>
    /// <param name="modelInPath">The path has named the model already (Azure deployments), so that the body need not.</param>
    public static InspectionResult Inspect(Dialect dialect, ReadOnlySpan<byte> body, bool modelInPath = false)
    {
        if (dialect == Dialect.Opaque)
        {
            return new InspectionResult(new RequestFacts { Dialect = dialect, Choices = 1, InputBytes = body.Length, OpenEndedInput = true }, null);
        }
        if (dialect is Dialect.Images or Dialect.Transcriptions && FormInspector.IsForm(body))
        {
            return FormInspector.Inspect(dialect, body);
        }
        var scanner = new RequestScanner(dialect, body);
        var error = scanner.Scan(modelRequired: !modelInPath && NamesModel(dialect));
        return error is { } found ? new InspectionResult(default, found) : new InspectionResult(scanner.ToFacts(), null);
    }

    /// <summary>Without a model in the body there is no answer; other dialects have it in the path, or a default.</summary>
    private static bool NamesModel(Dialect dialect) =>
        dialect is Dialect.ChatCompletions or Dialect.Completions or Dialect.Responses or Dialect.Embeddings or Dialect.Messages;
}
