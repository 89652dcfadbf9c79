namespace EdgeGw.Pricing;

/// <summary>Calls that no provider bills: they read something, count tokens, or moderate. Everything else that is sent may cost.</summary>
public static class FreeRoutes
{
    private static readonly string[] Endings =
    [
        "/count_tokens", // Anthropic: /v1/messages/count_tokens
        ":countTokens", // Gemini, Vertex
        "/input_tokens", // OpenAI: /v1/responses/input_tokens
        "/moderations", // OpenAI
        "/cancel", // OpenAI: /v1/responses/{id}/cancel, batches
    ];

    public static bool Contains(string method, ReadOnlySpan<char> path)
    {
        if (method is "GET" or "HEAD" or "DELETE" or "OPTIONS")
        {
            return true;
        }
        path = path.TrimEnd('/');
        foreach (var ending in Endings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
