using Microsoft.AspNetCore.Http;

namespace EdgeGw.Identity;

/// <summary>Finds what the caller presented, wherever its SDK puts it. A virtual key (<c>egw_...</c>) in any place wins over a provider's key in another.</summary>
public static class CallerCredential
{
    /// <summary>The credential without its scheme; empty when there is none.</summary>
    /// <param name="queryCredential">What stood in the query (<c>?key=</c>), the Gemini API's own habit; null: nothing.</param>
    /// <param name="header">The header that held one of our keys; null: none did. It must not go on to a provider.</param>
    public static ReadOnlySpan<char> Find(IHeaderDictionary headers, string? queryCredential, out string? header)
    {
        var found = new CredentialHeaders(headers);
        return Find(ref found, queryCredential, out header);
    }

    internal static ReadOnlySpan<char> Find(scoped ref CredentialHeaders headers, string? queryCredential, out string? header)
    {
        header = null;
        if (KeyHasher.LooksLikeSecret(queryCredential))
        {
            return queryCredential;
        }
        string? other = null;
        for (var i = 0; i < CredentialHeaders.Names.Length; i++)
        {
            if (headers[i] is [{ Length: > 0 } value])
            {
                if (KeyHasher.LooksLikeSecret(WithoutScheme(value)))
                {
                    header = CredentialHeaders.Names[i];
                    return WithoutScheme(value);
                }
                other ??= value;
            }
        }
        return WithoutScheme(other ?? queryCredential);
    }

    internal static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> value) =>
        value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : value.Trim();
}
