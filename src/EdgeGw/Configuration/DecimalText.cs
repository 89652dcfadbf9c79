using System.Globalization;

namespace EdgeGw.Configuration;

/// <summary>Exact decimals: what is written is what is meant, to the last digit, or it is refused.</summary>
public static class DecimalText
{
    /// <summary>Nano-dollars: finer than this the ledger cannot hold.</summary>
    public const int MaxFraction = 9;

    private const int MaxWhole = 15;

    /// <summary>Digits, optionally a point with digits, optionally a leading minus. No exponent, grouping, plus sign or spaces.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var digits = text.StartsWith("-") ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (!IsDigits(whole, MaxWhole) || (point >= 0 && !IsDigits(fraction, MaxFraction)))
        {
            return false;
        }
        // At most 24 digits, so decimal's 28 hold them all: the parse cannot round.
        value = decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text, int longest) =>
        !text.IsEmpty && text.Length <= longest && !text.ContainsAnyExceptInRange('0', '9');
}
