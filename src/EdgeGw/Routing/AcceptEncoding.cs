using Microsoft.Extensions.Primitives;

namespace EdgeGw.Routing;

/// <summary>Reduces the caller's list of content codings to those that the meter can read along with.</summary>
internal static class AcceptEncoding
{
    private const string Identity = "identity";

    /// <returns>A list that is never empty: a provider must not choose for itself.</returns>
    public static string Reduce(StringValues asked)
    {
        if (asked.Count == 0)
        {
            return Identity;
        }
        var text = asked.Count == 1 ? asked[0] : string.Join(',', (IEnumerable<string?>)asked);
        if (text is "gzip, deflate, br" or "gzip, deflate" or "gzip" or "identity" or "br")
        {
            return text;
        }
        var kept = new System.Text.StringBuilder();
        var rest = text.AsSpan();
        foreach (var range in rest.Split(','))
        {
            var item = rest[range].Trim();
            if (IsReadable(item))
            {
                kept.Append(kept.Length == 0 ? "" : ", ").Append(item);
            }
        }
        return kept.Length == 0 ? Identity : kept.ToString();
    }

    private static bool IsReadable(ReadOnlySpan<char> item)
    {
        var semicolon = item.IndexOf(';');
        var weight = semicolon < 0 ? default : item[(semicolon + 1)..].Trim();
        if (!weight.IsEmpty && !(weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && !weight[2..].ContainsAnyExcept("0123456789.")))
        {
            return false;
        }
        var coding = (semicolon < 0 ? item : item[..semicolon]).TrimEnd();
        return coding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Equals("deflate", StringComparison.OrdinalIgnoreCase)
            || coding.Equals("br", StringComparison.OrdinalIgnoreCase) || coding.Equals(Identity, StringComparison.OrdinalIgnoreCase);
    }
}
