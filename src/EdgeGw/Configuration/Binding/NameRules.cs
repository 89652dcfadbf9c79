using System.Text.RegularExpressions;

namespace EdgeGw.Configuration.Binding;

/// <summary>What names may look like: they stand in paths, headers, metric labels and reports.</summary>
internal static partial class NameRules
{
    public const int LongestName = 64;

    public const string LabelExpected = "must be 1 to 64 of letters, digits and \".\", \"_\", \"-\", \"@\", starting with a letter or digit";

    public const string ProviderExpected = "a provider's name stands in paths: 1 to 64 of a-z, 0-9 and \"-\", starting and ending with a letter or digit";

    /// <summary>First path segments that are the gateway's own.</summary>
    private static readonly string[] Reserved =
        ["v1", "v1beta", "v1beta1", "v1alpha", "v2", "admin", "metrics", "healthz", "readyz", "livez", "compat", "debug", "favicon", "robots", "edgegw"];

    public static bool IsReserved(string provider) => Reserved.Contains(provider);

    public static bool IsProvider(string name) => name.Length <= LongestName && ProviderPattern().IsMatch(name);

    /// <summary>Names of budgets, keys, services and groups.</summary>
    public static bool IsLabel(string name) => name.Length <= LongestName && LabelPattern().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProviderPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();
}
