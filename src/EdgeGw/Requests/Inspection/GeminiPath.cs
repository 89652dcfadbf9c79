namespace EdgeGw.Requests.Inspection;

/// <summary>A path of the Gemini API or of Vertex AI, which name model and method there: <c>/v1beta/models/gemini-2.5-flash:streamGenerateContent</c>.</summary>
/// <param name="Model">As it stands between <c>models/</c> and the colon.</param>
/// <param name="Method">Behind the colon: <c>generateContent</c>, <c>countTokens</c>, <c>rawPredict</c>, ...</param>
/// <param name="Publisher">Vertex: <c>google</c>, <c>anthropic</c>, ...; null on the Gemini API.</param>
public readonly record struct GeminiPath(string Model, string Method, string? Publisher)
{
    private const int LongestModel = 256;

    /// <summary>The answer is a stream.</summary>
    public bool IsStream => Method is "streamGenerateContent" or "streamRawPredict";

    /// <summary>The method makes the model generate; the others count, embed or predict.</summary>
    public bool Generates => Method is "generateContent" or "streamGenerateContent" or "rawPredict" or "streamRawPredict";

    /// <summary>Reads a percent-decoded path, with or without its query.</summary>
    /// <returns>False for any other path, and for names with characters that no model has, a percent sign among them.</returns>
    public static bool TryParse(ReadOnlySpan<char> path, out GeminiPath parsed)
    {
        parsed = default;
        var query = path.IndexOf('?');
        if (query >= 0)
        {
            path = path[..query];
        }
        var slash = path.LastIndexOf('/');
        if (slash < 0)
        {
            return false;
        }
        var last = path[(slash + 1)..];
        var before = path[..slash];
        var colon = last.IndexOf(':');
        if (colon <= 0 || colon > LongestModel || !before.EndsWith("/models", StringComparison.Ordinal))
        {
            return false;
        }
        var model = last[..colon];
        var method = last[(colon + 1)..];
        if (model.ContainsAnyExcept(ModelCharacters) || !IsMethod(method))
        {
            return false;
        }
        parsed = new GeminiPath(ModelNames.Of(model), ModelNames.Of(method), PublisherOf(before[..^"/models".Length]));
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> ModelCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@");

    private static bool IsMethod(ReadOnlySpan<char> method)
    {
        if (method.IsEmpty || method.Length > 64)
        {
            return false;
        }
        foreach (var c in method)
        {
            if (!char.IsAsciiLetter(c))
            {
                return false;
            }
        }
        return true;
    }

    private static string? PublisherOf(ReadOnlySpan<char> prefix)
    {
        var slash = prefix.LastIndexOf('/');
        return slash >= 0 && prefix[..slash].EndsWith("/publishers", StringComparison.Ordinal) ? ModelNames.Of(prefix[(slash + 1)..]) : null;
    }
}
