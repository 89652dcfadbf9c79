using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>What a price file would change: each difference one row.</summary>
internal static class PriceDiff
{
    /// <summary>Differences of the list prices in force at <paramref name="at"/>, outside of peak hours, by provider kind and model.</summary>
    /// <remarks>
    /// The file is laid over the catalogue as <c>pricing.files</c> would be: of what it does not speak, it changes nothing. Models that only the
    /// catalogue has are named for the kinds that the file speaks of.
    /// </remarks>
    public static List<PriceDifference> Compare(PriceCatalogue here, IReadOnlyList<CatalogueProvider> file, DateTimeOffset at)
    {
        var both = here.With(file, "file");
        var differences = new List<PriceDifference>();
        foreach (var kind in file.SelectMany(list => list.Kinds).Distinct().Order(StringComparer.Ordinal))
        {
            var models = file.Where(list => list.Kinds.Contains(kind)).SelectMany(list => list.Models).ToArray();
            foreach (var model in models)
            {
                var name = $"{kind}/{model.Id}";
                if (here.FindMatch(kind, model.Id) is not { } known)
                {
                    differences.Add(new PriceDifference(name, PriceDifference.OnlyInFile, null, null));
                }
                else if (both.FindMatch(kind, model.Id) is { } changed)
                {
                    differences.AddRange(Compare(name, known.Model.History.OffPeakAt(at), changed.Model.History.OffPeakAt(at)));
                }
            }
            var found = models.SelectMany(model => model.Names).Select(name => here.FindMatch(kind, name)?.Model).ToHashSet();
            differences.AddRange(here.Providers.Where(list => list.Kinds.Contains(kind)).SelectMany(list => list.Models)
                .Where(model => !found.Contains(model)).Select(model => new PriceDifference($"{kind}/{model.Id}", PriceDifference.OnlyHere, null, null)));
        }
        return differences;
    }

    private static IEnumerable<PriceDifference> Compare(string name, ModelPrice here, ModelPrice there)
    {
        foreach (var above in here.LongContext.Concat(there.LongContext).Select(step => step.Above).Append(-1).Distinct().Order())
        {
            var (ours, theirs) = (here.RatesFor(above + 1), there.RatesFor(above + 1));
            foreach (var of in RateClass.All.Where(of => of.Of(ours) != of.Of(theirs) && !(FollowsWhole(of, ours) && FollowsWhole(of, theirs))))
            {
                var what = above < 0 ? of.Name : string.Create(CultureInfo.InvariantCulture, $"{of.Name} above {above}");
                yield return new PriceDifference(name, what, of.Of(ours).ToString(), of.Of(theirs).ToString());
            }
        }
        foreach (var fee in FeeClass.All.Where(fee => fee.Of(here.Fees) != fee.Of(there.Fees)))
        {
            yield return new PriceDifference(name, $"fee {fee.Name}", FeeClass.Dollars(fee.Of(here.Fees)), FeeClass.Dollars(fee.Of(there.Fees)));
        }
        foreach (var tier in here.ServiceTiers.Concat(there.ServiceTiers).Select(tier => tier.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var (ours, theirs) = (here.MultiplierFor(tier), there.MultiplierFor(tier));
            if (ours.IsAbove(theirs) || theirs.IsAbove(ours))
            {
                yield return new PriceDifference(name, $"tier {tier}", ours.ToString(), theirs.ToString());
            }
        }
        if (here.PeakHours != there.PeakHours)
        {
            yield return new PriceDifference(name, "peak hours", here.PeakHours?.ToString() ?? "none", there.PeakHours?.ToString() ?? "none");
        }
    }

    /// <summary>Costs what its whole costs: that one's difference says it already.</summary>
    private static bool FollowsWhole(RateClass of, PriceRates rates) => of.Whole is { } whole && of.Of(rates) == whole.Of(rates);
}

/// <summary>One difference between the built-in catalogue and a file.</summary>
/// <param name="Model"><c>kind/model</c>.</param>
/// <param name="What">A rate, fee or tier; or that only one side has the model at all.</param>
/// <param name="Here">The built-in value; null where <paramref name="What"/> is no value.</param>
/// <param name="There">The file's.</param>
internal sealed record PriceDifference(string Model, string What, string? Here, string? There)
{
    public const string OnlyHere = "only built-in";
    public const string OnlyInFile = "only in the file";
}
