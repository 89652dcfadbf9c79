using System.Text.RegularExpressions;
using EdgeGw.Metering;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>The list in docs/pricing.md is what the recorded answers really leave without a price.</summary>
public sealed partial class UnpricedModelsTests
{
    [RequiresSharedFact]
    public void Documented_list_is_what_the_recorded_answers_leave_unpriced()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "pricing.md"));
        var documented = Row().Matches(page[page.IndexOf("## Without a price", StringComparison.Ordinal)..])
            .SelectMany(row => Name().Matches(row.Value.Split('|')[1])).Select(name => name.Groups[1].Value).Order(StringComparer.Ordinal);
        var index = File.ReadAllLines(Path.Combine(SharedFolder.Find()!, "corpus", "index.tsv"));
        var columns = index[0].Split('\t');
        var (provider, model, requested) = (Array.IndexOf(columns, "provider"), Array.IndexOf(columns, "model"), Array.IndexOf(columns, "req_model"));
        var unpriced =
            from row in index.Skip(1).Select(line => line.Split('\t'))
            where row[model].Length > 0
            let kind = ProviderQuirks.KindOf(row[provider])
            where !Book().Resolve(kind, kind, row[requested], row[model]).IsPriced
            select $"{row[provider]}/{row[model]}";
        Assert.Equal(unpriced.Distinct().Order(StringComparer.Ordinal), documented);
    }

    [GeneratedRegex(@"^\| `.*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
