namespace EdgeGw.Configuration.Binding;

/// <summary>Where requests with the provider's credential may go. Messages never quote the address: a key may stand in it.</summary>
internal static class BaseUrlRule
{
    /// <summary>Null when the address is fine.</summary>
    public static string? Check(string text, out Uri? uri) =>
        CheckAddress(text, "api_key", out uri) ?? (uri!.Query.Length > 0 || text.Contains('?') ? "must not hold a query" : null);

    /// <summary>What every address must be; null when it is.</summary>
    /// <param name="credential">The name of the setting that credentials belong into.</param>
    public static string? CheckAddress(string text, string credential, out Uri? uri)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return "must be an absolute http:// or https:// address";
        }
        // An empty user name ("https://@host") leaves no trace in the parsed address.
        if (uri.UserInfo.Length > 0 || Authority(text).Contains('@'))
        {
            return $"must not hold a user name or password; the credential goes into \"{credential}\"";
        }
        if (uri.Fragment.Length > 0 || text.Contains('#'))
        {
            return "must not hold a fragment";
        }
        return text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "must not hold spaces or line breaks" : null;
    }

    private static ReadOnlySpan<char> Authority(string text)
    {
        var rest = text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2);
        return rest.IndexOfAny('/', '?', '#') is >= 0 and var end ? rest[..end] : rest;
    }
}
