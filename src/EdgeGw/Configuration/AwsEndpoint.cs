namespace EdgeGw.Configuration;

/// <summary>What the host of an AWS address says, and the addresses that a region has.</summary>
internal static class AwsEndpoint
{
    private const int LongestRegion = 32;
    private const string Mantle = "bedrock-mantle";

    /// <summary>Bedrock's address in a region.</summary>
    public static Uri Bedrock(string region) => new($"https://bedrock-runtime.{region}.{Domain(region)}");

    /// <summary>The Security Token Service's address in a region.</summary>
    public static Uri Sts(string region) => new($"https://sts.{region}.{Domain(region)}");

    /// <summary>As signatures name it. The OpenAI-style endpoint (<c>bedrock-mantle.{region}.api.aws</c>) has a name of its own, which the vendors' own SDKs sign with.</summary>
    public static string ServiceOf(Uri url) => Labels(url).Contains(Mantle, StringComparer.OrdinalIgnoreCase) ? Mantle : "bedrock";

    /// <summary>The region in a host of AWS's own (<c>bedrock-runtime.{region}.amazonaws.com</c>, FIPS and VPC endpoints, <c>*.api.aws</c>); null: none there.</summary>
    public static string? RegionOf(Uri url)
    {
        var labels = Labels(url);
        var isAws = url.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
            || url.Host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase)
            || url.Host.EndsWith(".api.aws", StringComparison.OrdinalIgnoreCase);
        var service = isAws ? Array.FindIndex(labels, static label => label.StartsWith("bedrock-", StringComparison.OrdinalIgnoreCase)) : -1;
        return service >= 0 && IsRegion(labels[service + 1].ToLowerInvariant()) ? labels[service + 1].ToLowerInvariant() : null;
    }

    /// <summary>Words of lower-case letters and digits with hyphens between; a region becomes part of a host's name.</summary>
    public static bool IsRegion(string text) =>
        text.Length is > 0 and <= LongestRegion && text.Contains('-')
        && text.Split('-').All(static word => word.Length > 0 && word.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));

    private static string Domain(string region) => region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    private static string[] Labels(Uri url) => url.Host.Split('.');
}
