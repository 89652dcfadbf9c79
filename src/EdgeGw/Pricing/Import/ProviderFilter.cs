namespace EdgeGw.Pricing.Import;

/// <summary>Which providers are asked for, by their own names or by our kinds; none asked for: all.</summary>
internal sealed class ProviderFilter(IEnumerable<string> names)
{
    public static readonly ProviderFilter All = new([]);

    private readonly HashSet<string> _names = new(names, StringComparer.OrdinalIgnoreCase);

    public bool Includes(string name, string kind) => _names.Count == 0 || _names.Contains(name) || _names.Contains(kind);
}
