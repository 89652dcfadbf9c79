using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>The other side of AWS Signature Version 4: recomputes a signature from a request as it arrived. Plain and slow, after the specification's text.</summary>
internal static partial class SigV4Verifier
{
    /// <summary>What is wrong with the request; null: AWS would accept it.</summary>
    /// <param name="target">As it stands on the request line.</param>
    /// <param name="headers">As they came; HTTP/2's <c>:authority</c> as <c>host</c>.</param>
    public static string? FaultOf(
        string method, string target, IReadOnlyList<(string Name, string Value)> headers, byte[] body, string accessKeyId, string secret, string region, string service)
    {
        var values = headers.GroupBy(header => header.Name.ToLowerInvariant()).ToDictionary(group => group.Key, group => group.Select(header => header.Value).ToArray());
        if (!values.TryGetValue("authorization", out var authorizations) || authorizations.Length != 1)
        {
            return "not exactly one authorization";
        }
        var parts = Authorization().Match(authorizations[0]);
        if (!parts.Success)
        {
            return $"authorization in another form: {authorizations[0]}";
        }
        if (!values.TryGetValue("x-amz-date", out var dates) || dates.Length != 1)
        {
            return "not exactly one x-amz-date";
        }
        var scope = $"{dates[0][..8]}/{region}/{service}/aws4_request";
        if (parts.Groups["credential"].Value != $"{accessKeyId}/{scope}")
        {
            return $"credential {parts.Groups["credential"].Value}";
        }
        var signed = parts.Groups["headers"].Value.Split(';');
        if (!signed.SequenceEqual(signed.Order(StringComparer.Ordinal)))
        {
            return "signed headers are not sorted";
        }
        var mustBeSigned = values.Keys.Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal)).Append("host");
        if (mustBeSigned.FirstOrDefault(name => !signed.Contains(name)) is { } unsigned)
        {
            return $"{unsigned} is not signed";
        }
        if (signed.FirstOrDefault(name => !values.ContainsKey(name)) is { } absent)
        {
            return $"{absent} is signed and did not come";
        }
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        if (values.TryGetValue("x-amz-content-sha256", out var said) && said[0] != bodyHash)
        {
            return "another body than the one that was signed";
        }
        var canonical = string.Join('\n',
        [
            method,
            string.Join('/', target.Split('?')[0].Split('/').Select(Uri.EscapeDataString)),
            Query(target),
            .. signed.Select(name => $"{name}:{string.Join(',', values[name].Select(value => Spaces().Replace(value.Trim(), " ")))}"),
            "",
            parts.Groups["headers"].Value,
            bodyHash,
        ]);
        var toSign = $"AWS4-HMAC-SHA256\n{dates[0]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var word in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(word));
        }
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return expected == parts.Groups["signature"].Value ? null : $"another signature than of this canonical request:\n{canonical}";
    }

    private static string Query(string target)
    {
        var question = target.IndexOf('?');
        var pairs = question < 0 ? [] : target[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Encode(pair[0]), Value: pair.Length == 1 ? "" : Encode(pair[1])));
        return string.Join('&', pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<credential>[^,]+), SignedHeaders=(?<headers>[^,]+), Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
