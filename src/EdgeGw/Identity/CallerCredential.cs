using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Identity;

/// <summary>Finds what the caller presented, wherever its SDK puts it. A virtual key (<c>egw_...</c>) in any place wins over a provider's key in another.</summary>
public static class CallerCredential
{
    // The order in which a credential that is not ours is looked for.
    private static readonly string[] Headers = ["cf-aig-authorization", "Authorization", "x-api-key", "x-goog-api-key", "api-key"];

    /// <summary>The credential without its scheme; empty when there is none.</summary>
    public static ReadOnlySpan<char> Find(IHeaderDictionary headers, IQueryCollection query)
    {
        string? other = null;
        foreach (var name in Headers)
        {
            if (headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value])
            {
                if (KeyHasher.LooksLikeSecret(WithoutScheme(value)))
                {
                    return WithoutScheme(value);
                }
                other ??= value;
            }
        }
        // The Gemini API's own habit; it is stripped from what goes on and from what is logged.
        if (query.TryGetValue("key", out StringValues key) && key is [{ Length: > 0 } parameter])
        {
            return parameter;
        }
        return WithoutScheme(other);
    }

    private static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> value) =>
        value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : value.Trim();
}
