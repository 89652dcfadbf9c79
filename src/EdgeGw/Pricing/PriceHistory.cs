namespace EdgeGw.Pricing;

/// <summary>One model's prices over time, latest first.</summary>
internal sealed class PriceHistory
{
    private readonly ModelPrice[] _latestFirst;

    public PriceHistory(IEnumerable<ModelPrice> prices)
    {
        _latestFirst = [.. prices.OrderByDescending(price => price.EffectiveFrom)];
        if (_latestFirst.Length == 0)
        {
            throw new ArgumentException("A history holds at least one price.", nameof(prices));
        }
    }

    public IReadOnlyList<ModelPrice> LatestFirst => _latestFirst;

    /// <summary>The price in force now; before the first known one, the first.</summary>
    public ModelPrice At(TimeProvider time)
    {
        if (_latestFirst.Length == 1)
        {
            return _latestFirst[0];
        }
        var now = time.GetUtcNow();
        foreach (var price in _latestFirst)
        {
            if (price.EffectiveFrom <= now)
            {
                return price;
            }
        }
        return _latestFirst[^1];
    }
}
