using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>A factor on list prices, as an exact fraction: batch is 1/2, and no decimal is 20/11.</summary>
/// <param name="Numerator">0 to 1,000,000.</param>
/// <param name="Denominator">1 to 1,000,000.</param>
public readonly record struct Multiplier(int Numerator, int Denominator)
{
    private const int Largest = 1_000_000;

    public static readonly Multiplier One = new(1, 1);

    public bool IsAbove(Multiplier other) => (long)Numerator * other.Denominator > (long)other.Numerator * Denominator;

    /// <summary>As it is read: <c>1/2</c> or <c>2</c>.</summary>
    public override string ToString() => Denominator == 1
        ? Numerator.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>Reads <c>1/2</c> or <c>2</c>.</summary>
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
}
