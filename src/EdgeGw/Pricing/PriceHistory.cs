namespace EdgeGw.Pricing;

/// <summary>One model's prices over time.</summary>
internal sealed class PriceHistory
{
    private readonly (ModelPrice OffPeak, ModelPrice Peak)[] _latestFirst;

    public PriceHistory(IEnumerable<ModelPrice> prices)
    {
        _latestFirst = [.. prices.OrderByDescending(price => price.EffectiveFrom).Select(price => (price, AtPeak(price)))];
        if (_latestFirst.Length == 0)
        {
            throw new ArgumentException("A history holds at least one price.", nameof(prices));
        }
    }

    public IEnumerable<ModelPrice> LatestFirst => _latestFirst.Select(price => price.OffPeak);

    /// <summary>The price in force now; before the first known one, the first.</summary>
    public ModelPrice At(TimeProvider time)
    {
        if (_latestFirst.Length == 1 && _latestFirst[0].OffPeak.PeakHours is null)
        {
            return _latestFirst[0].OffPeak;
        }
        return At(time.GetUtcNow());
    }

    /// <summary>As <see cref="At(TimeProvider)"/>, with the rates outside of peak hours.</summary>
    public ModelPrice OffPeakAt(DateTimeOffset now) => LatestFirst.FirstOrDefault(price => price.EffectiveFrom <= now) ?? LatestFirst.Last();

    public ModelPrice At(DateTimeOffset now)
    {
        foreach (var (offPeak, peak) in _latestFirst)
        {
            if (offPeak.EffectiveFrom <= now)
            {
                return offPeak.PeakHours?.Contains(now) == true ? peak : offPeak;
            }
        }
        return _latestFirst[^1].OffPeak;
    }

    /// <summary>The same prices with all token rates at a factor.</summary>
    public PriceHistory Times(Multiplier factor) => new(LatestFirst.Select(price => price with { Factor = price.Factor * factor }));

    private static ModelPrice AtPeak(ModelPrice price) => price.PeakHours is not { } peak ? price : price with
    {
        Rates = price.Rates.Times(peak.Factor),
        LongContext = [.. price.LongContext.Select(tier => new LongContextTier(tier.Above, tier.Rates.Times(peak.Factor)))],
    };
}
