using System.Numerics;

namespace EdgeGw.Pricing.Import;

/// <summary>Token rates as they are gathered from a file: by class, at the start and from thresholds of input tokens on.</summary>
internal sealed class RateSheet
{
    private readonly SortedDictionary<long, Dictionary<RateClass, decimal>> _steps = [];

    /// <summary>No class has a rate.</summary>
    public bool IsEmpty => _steps.Count == 0;

    /// <summary>No class costs anything.</summary>
    public bool IsFree => _steps.Values.All(rates => rates.Values.All(rate => rate == 0));

    /// <summary>Every rate of its own, with the threshold it starts above (0: the start).</summary>
    public IEnumerable<(RateClass Class, long Above, decimal Rate)> Cells =>
        _steps.SelectMany(step => step.Value.Select(rate => (rate.Key, step.Key, rate.Value)));

    /// <param name="above">The rate starts at one token more; 0: at the start.</param>
    public void Set(RateClass of, decimal rate, long above = 0)
    {
        if (!_steps.TryGetValue(above, out var rates))
        {
            _steps.Add(above, rates = []);
        }
        rates[of] = rate;
    }

    /// <summary>The rate in force above a threshold; null where the class has none of its own.</summary>
    public decimal? At(RateClass of, long above)
    {
        decimal? found = null;
        foreach (var (start, rates) in _steps)
        {
            if (start <= above && rates.TryGetValue(of, out var rate))
            {
                found = rate;
            }
        }
        return found;
    }

    /// <summary>The one fraction by which every rate here differs from <paramref name="standard"/>'s; null where there is no such one.</summary>
    public (int Numerator, int Denominator)? RatioTo(RateSheet standard)
    {
        (int, int)? ratio = null;
        foreach (var (of, above, rate) in Cells)
        {
            var other = standard.At(of, above);
            if (rate == 0 && other is 0)
            {
                continue;
            }
            if (other is null or 0 || Fraction(rate, other.Value) is not { } fraction || (ratio is { } known && known != fraction))
            {
                return null;
            }
            ratio = fraction;
        }
        return ratio;
    }

    public CatalogueDocument.Period ToPeriod(DateTimeOffset? from = null)
    {
        var period = new CatalogueDocument.Period { From = from };
        Fill(period, 0);
        period.Long = [.. _steps.Keys.Where(above => above > 0).Select(above =>
        {
            var rates = new CatalogueDocument.LongRates { Above = above };
            Fill(rates, above);
            return rates;
        })];
        return period;
    }

    private void Fill(CatalogueDocument.Rates rates, long above)
    {
        foreach (var of in RateClass.All)
        {
            if (At(of, above) is { } rate)
            {
                of.Set(rates, rate);
            }
        }
    }

    private static (int, int)? Fraction(decimal part, decimal whole)
    {
        const int Largest = 1_000_000;
        var scale = Math.Max(part.Scale, whole.Scale);
        var numerator = Scaled(part, scale);
        var denominator = Scaled(whole, scale);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        numerator /= divisor;
        denominator /= divisor;
        return numerator > Largest || denominator > Largest ? null : ((int)numerator, (int)denominator);
    }

    private static BigInteger Scaled(decimal value, int scale)
    {
        var bits = decimal.GetBits(value);
        var digits = new decimal(bits[0], bits[1], bits[2], isNegative: false, 0);
        return new BigInteger(digits) * BigInteger.Pow(10, scale - value.Scale);
    }
}
