namespace EdgeGw.Routing;

/// <summary>The header that carries a provider's credential.</summary>
public enum AuthScheme : byte
{
    /// <summary><c>Authorization: Bearer …</c></summary>
    Bearer,
    /// <summary><c>x-api-key</c> (Anthropic).</summary>
    XApiKey,
    /// <summary><c>x-goog-api-key</c> (Gemini).</summary>
    XGoogApiKey,
    /// <summary><c>api-key</c> (Azure).</summary>
    ApiKey,
}
