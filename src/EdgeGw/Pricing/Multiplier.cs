using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>A factor on list prices, as an exact fraction in lowest terms: batch is 1/2, and no decimal is 20/11.</summary>
public readonly record struct Multiplier
{
    private const int Largest = 1_000_000;

    public static readonly Multiplier One = new(1, 1);

    private readonly long _lessOne;

    /// <param name="numerator">Not negative.</param>
    /// <param name="denominator">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such fraction.</exception>
    public Multiplier(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var divisor = GreatestDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        _lessOne = (denominator / divisor) - 1;
    }

    public long Numerator { get; }

    public long Denominator => _lessOne + 1;

    /// <summary>Both factors, exactly: a tier in a region.</summary>
    /// <exception cref="OverflowException">No fraction of 64-bit numbers.</exception>
    public static Multiplier operator *(Multiplier a, Multiplier b)
    {
        if (a == One || b == One)
        {
            return a == One ? b : a;
        }
        var first = GreatestDivisor(a.Numerator, b.Denominator);
        var second = GreatestDivisor(b.Numerator, a.Denominator);
        return checked(new Multiplier((a.Numerator / first) * (b.Numerator / second), (a.Denominator / second) * (b.Denominator / first)));
    }

    public bool IsAbove(Multiplier other) => (Int128)Numerator * other.Denominator > (Int128)other.Numerator * Denominator;

    /// <summary>A decimal as it is written: 1.1 is 11/10.</summary>
    /// <param name="factor">From 0 to a million, with at most six digits after the point.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public static Multiplier FromDecimal(decimal factor)
    {
        var scaled = factor * Largest;
        if (factor is < 0 or > Largest || scaled != decimal.Truncate(scaled))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), "A factor is between 0 and a million, exact to six decimals.");
        }
        return new Multiplier((long)scaled, Largest);
    }

    /// <summary>As it is read: <c>1/2</c> or <c>2</c>.</summary>
    public override string ToString() => Denominator == 1
        ? Numerator.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>Reads <c>1/2</c> or <c>2</c>, with parts of at most a million.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Multiplier multiplier)
    {
        multiplier = One;
        var slash = text.IndexOf('/');
        var denominator = 1;
        if (slash >= 0 && !TryParsePart(text[(slash + 1)..], out denominator))
        {
            return false;
        }
        if (!TryParsePart(slash < 0 ? text : text[..slash], out var numerator) || denominator == 0)
        {
            return false;
        }
        multiplier = new Multiplier(numerator, denominator);
        return true;
    }

    private static bool TryParsePart(ReadOnlySpan<char> text, out int part) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out part) && part <= Largest;

    private static long GreatestDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }
}
