using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>The price of one million units (tokens, searches, images, seconds, ...) in nano-dollars: exact to nine decimals of "dollars per million".</summary>
/// <param name="NanoUsdPerMillion">Not negative; at most about 9.2 billion dollars per million units.</param>
public readonly record struct UnitPrice(long NanoUsdPerMillion) : IComparable<UnitPrice>
{
    public static readonly UnitPrice Zero;

    /// <summary>Dollars per million units. What is finer than nine decimals is rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or too large to hold.</exception>
    public static UnitPrice FromDollarsPerMillion(decimal dollars)
    {
        if (dollars is < 0 or > long.MaxValue / NanoUsd.PerDollar)
        {
            throw new ArgumentOutOfRangeException(nameof(dollars), "A price is between 0 and nine billion dollars per million units.");
        }
        return new UnitPrice((long)decimal.Ceiling(dollars * NanoUsd.PerDollar));
    }

    /// <summary>Dollars for one unit, such as a web search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or too large to hold.</exception>
    public static UnitPrice FromDollarsPerUnit(decimal dollars)
    {
        if (dollars is < 0 or > 9_000)
        {
            throw new ArgumentOutOfRangeException(nameof(dollars), "A fee is between 0 and 9,000 dollars.");
        }
        return FromDollarsPerMillion(dollars * 1_000_000);
    }

    public static UnitPrice Min(UnitPrice a, UnitPrice b) => a.NanoUsdPerMillion <= b.NanoUsdPerMillion ? a : b;

    public static UnitPrice Max(UnitPrice a, UnitPrice b) => a.NanoUsdPerMillion >= b.NanoUsdPerMillion ? a : b;

    public int CompareTo(UnitPrice other) => NanoUsdPerMillion.CompareTo(other.NanoUsdPerMillion);

    /// <summary>What <paramref name="units"/> cost, rounded up to the next nano-dollar. Counts below zero cost nothing.</summary>
    /// <exception cref="OverflowException">More than a <see cref="NanoUsd"/> can hold.</exception>
    internal NanoUsd CostOf(long units, Multiplier multiplier)
    {
        if (units <= 0 || NanoUsdPerMillion <= 0)
        {
            return NanoUsd.Zero;
        }
        // Any real request fits 64 bits; the division of 128 bits is many times slower.
        if (multiplier.Denominator <= uint.MaxValue
            && Math.BigMul((ulong)units, (ulong)NanoUsdPerMillion, out var low) == 0
            && Math.BigMul(low, (ulong)multiplier.Numerator, out var scaled) == 0)
        {
            var divisor = 1_000_000ul * (ulong)multiplier.Denominator;
            var quotient = scaled / divisor;
            return new NanoUsd(checked((long)(quotient * divisor == scaled ? quotient : quotient + 1)));
        }
        var (whole, rest) = UInt128.DivRem(
            checked((UInt128)(ulong)units * (ulong)NanoUsdPerMillion * (ulong)multiplier.Numerator), (UInt128)1_000_000 * (ulong)multiplier.Denominator);
        return new NanoUsd(checked((long)(rest == 0 ? whole : whole + 1)));
    }

    /// <summary>The most units whose cost is within <paramref name="amount"/>: none where it is negative; null: units are free.</summary>
    /// <exception cref="OverflowException">Beyond 128 bits.</exception>
    internal long? UnitsWithin(NanoUsd amount, Multiplier multiplier)
    {
        if (NanoUsdPerMillion <= 0 || multiplier.Numerator == 0)
        {
            return null;
        }
        // The cost is rounded up, so it is within a whole amount exactly when the unrounded cost is.
        var units = checked((UInt128)Math.Max(0, amount.Value) * 1_000_000 * (ulong)multiplier.Denominator)
            / checked((UInt128)(ulong)NanoUsdPerMillion * (ulong)multiplier.Numerator);
        return long.CreateSaturating(units);
    }

    /// <summary>Dollars per million units as an exact decimal.</summary>
    public override string ToString() => ((decimal)NanoUsdPerMillion / NanoUsd.PerDollar).ToString("0.#########", CultureInfo.InvariantCulture);
}
