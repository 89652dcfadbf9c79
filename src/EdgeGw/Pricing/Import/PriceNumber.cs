using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Exact decimals out of JSON numbers, exponents included: <c>2.5e-06</c> is 0.0000025 and never the binary fraction near it.</summary>
internal static class PriceNumber
{
    /// <summary>What a price of a million tokens can hold.</summary>
    public const int TokenDecimals = 9;

    /// <summary>What a price of one thing can hold: <see cref="UnitPrice"/> counts by the million.</summary>
    public const int FeeDecimals = 15;

    private const int LongestNumber = 64;
    private const int LargestExponent = 64;
    private const int LargestDigits = 18;

    /// <summary>Reads <paramref name="value"/> times ten to the <paramref name="power"/>, rounded up to <paramref name="decimals"/>.</summary>
    /// <param name="isRounded">Digits finer than a price can hold were rounded up.</param>
    /// <returns>False for what is no number, below zero or beyond any price.</returns>
    public static bool TryRead(JsonElement value, int power, int decimals, out decimal price, out bool isRounded)
    {
        price = 0;
        isRounded = false;
        return value.ValueKind == JsonValueKind.Number && TryParse(value.GetRawText(), power, decimals, out price, out isRounded);
    }

    public static bool TryParse(ReadOnlySpan<char> text, int power, int decimals, out decimal price, out bool isRounded)
    {
        price = 0;
        isRounded = false;
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? text : text[..e];
        if (text.Length > LongestNumber
            || (e >= 0 && !int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            || Math.Abs(exponent) > LargestExponent)
        {
            return false;
        }
        var point = mantissa.IndexOf('.');
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent - power;
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (!BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return false;
        }
        for (; scale > 0 && !whole.IsZero && whole % 10 == 0; scale--)
        {
            whole /= 10;
        }
        if (scale > decimals)
        {
            whole = BigInteger.DivRem(whole, BigInteger.Pow(10, scale - decimals), out var rest);
            isRounded = !rest.IsZero;
            whole += isRounded ? 1 : 0;
            scale = decimals;
        }
        else if (scale < 0)
        {
            whole *= BigInteger.Pow(10, -scale);
            scale = 0;
        }
        if (whole >= BigInteger.Pow(10, LargestDigits + scale))
        {
            return false;
        }
        if (whole.IsZero)
        {
            return true;
        }
        // At most 18 digits before and 15 after the point are more than decimal's 28 only where no price is.
        if (whole >= BigInteger.Pow(10, 28))
        {
            return false;
        }
        var bits = decimal.GetBits((decimal)whole);
        price = new decimal(bits[0], bits[1], bits[2], isNegative: false, (byte)scale);
        return true;
    }
}
