namespace EdgeGw.Configuration.Changes;

/// <summary>What differs between two configurations, as paths such as <c>budgets.person</c>: names only, never a value.</summary>
public sealed record ConfigChanges
{
    public IReadOnlyList<string> Added { get; init; } = [];
    public IReadOnlyList<string> Changed { get; init; } = [];
    public IReadOnlyList<string> Removed { get; init; } = [];

    public bool IsNone => Added.Count + Changed.Count + Removed.Count == 0;

    /// <summary>Of the configurations and of the files that they name.</summary>
    public static ConfigChanges Between(LoadedConfig before, LoadedConfig after) => Between(before.Config!, after.Config!, FilesBetween(before, after));

    public static ConfigChanges Between(GatewayConfig before, GatewayConfig after) => Between(before, after, []);

    private static ConfigChanges Between(GatewayConfig before, GatewayConfig after, IEnumerable<string> files)
    {
        var list = new Collector();
        list.Compare("providers", before.Providers, after.Providers, static (a, b) => a == b);
        list.Compare("models", before.Models, after.Models, static (a, b) => a == b);
        list.Compare("budgets", ByName(before.Budgets, static each => each.Name), ByName(after.Budgets, static each => each.Name), ConfigEquality.Same);
        list.Compare("limits", ByName(before.Limits, static each => each.Name), ByName(after.Limits, static each => each.Name), ConfigEquality.Same);
        list.Compare("policies", ByName(before.Policies, static each => each.Name), ByName(after.Policies, static each => each.Name), ConfigEquality.Same);
        list.Compare("identity.keys", ByName(before.Identity.Keys, static each => each.Name), ByName(after.Identity.Keys, static each => each.Name), ConfigEquality.Same);
        list.Compare("identity.jwt", ByName(before.Identity.Jwt, static each => each.Issuer), ByName(after.Identity.Jwt, static each => each.Issuer), ConfigEquality.Same);
        list.Compare("listen", before.Listen == after.Listen);
        list.Compare("environment", before.Environment == after.Environment);
        list.Compare("data_dir", before.DataDirectory == after.DataDirectory);
        list.Compare("durability", before.Durability == after.Durability);
        list.Compare("journal", before.Journal == after.Journal);
        list.Compare("audit", before.Audit == after.Audit);
        list.Compare("identity.anonymous", before.Identity.Anonymous == after.Identity.Anonymous);
        list.Compare("identity.passthrough", before.Identity.Passthrough == after.Identity.Passthrough);
        list.Compare("velocity", ConfigEquality.Same(before.Velocity, after.Velocity));
        list.Compare("alerts", ConfigEquality.Same(before.Alerts, after.Alerts));
        list.Compare("pricing", ConfigEquality.Same(before.Pricing, after.Pricing));
        list.Compare("abort", before.Abort == after.Abort);
        list.Compare("timeouts", before.Timeouts == after.Timeouts);
        list.Compare("requests", before.Requests == after.Requests);
        list.Compare("log", before.Log == after.Log);
        return new ConfigChanges { Added = list.Added, Changed = [.. list.Changed, .. files], Removed = list.Removed };
    }

    private static IEnumerable<string> FilesBetween(LoadedConfig before, LoadedConfig after)
    {
        if (!before.Stamps.Equal(after.Stamps, before.Config!.Pricing.Files.Intersect(after.Config!.Pricing.Files)))
        {
            yield return "pricing.files";
        }
        if (after.Config.Listen.Tls is { } tls && before.Config.Listen.Tls == tls && !before.Stamps.Equal(after.Stamps, [tls.Certificate, tls.Key]))
        {
            yield return "listen.tls";
        }
    }

    private static Dictionary<string, T> ByName<T>(IReadOnlyList<T> list, Func<T, string> nameOf) => list.ToDictionary(nameOf, StringComparer.Ordinal);

    private sealed class Collector
    {
        public List<string> Added { get; } = [];
        public List<string> Changed { get; } = [];
        public List<string> Removed { get; } = [];

        public void Compare(string path, bool same)
        {
            if (!same)
            {
                Changed.Add(path);
            }
        }

        public void Compare<T>(string path, IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, Func<T, T, bool> same)
        {
            foreach (var (name, value) in after)
            {
                if (!before.TryGetValue(name, out var old))
                {
                    Added.Add($"{path}.{name}");
                }
                else
                {
                    Compare($"{path}.{name}", same(old, value));
                }
            }
            Removed.AddRange(before.Keys.Where(name => !after.ContainsKey(name)).Select(name => $"{path}.{name}"));
        }
    }
}
