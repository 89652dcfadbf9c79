namespace EdgeGw.Routing;

/// <summary>Takes credentials out of a query: they are the caller's, meant for us, and would stand in the provider's logs.</summary>
internal static class QueryCredentials
{
    /// <param name="query">With its question mark, or empty.</param>
    /// <param name="credential">The value of <c>key</c>, decoded; null: none.</param>
    /// <returns>The query without it.</returns>
    public static string Strip(string query, out string? credential)
    {
        credential = null;
        if (!query.Contains("key", StringComparison.OrdinalIgnoreCase) && !query.Contains("token", StringComparison.OrdinalIgnoreCase) && !query.Contains('%'))
        {
            return query;
        }
        var kept = new System.Text.StringBuilder(query.Length);
        foreach (var range in query.AsSpan(1).Split('&'))
        {
            var pair = query.AsSpan(1)[range];
            var equals = pair.IndexOf('=');
            var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            if (IsCredential(name))
            {
                credential ??= equals < 0 ? null : Uri.UnescapeDataString(pair[(equals + 1)..]);
                continue;
            }
            kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
        }
        return kept.ToString();
    }

    private static bool IsCredential(string name) =>
        name.Equals("key", StringComparison.OrdinalIgnoreCase) || name.Equals("api_key", StringComparison.OrdinalIgnoreCase)
        || name.Equals("api-key", StringComparison.OrdinalIgnoreCase) || name.Equals("access_token", StringComparison.OrdinalIgnoreCase);
}
