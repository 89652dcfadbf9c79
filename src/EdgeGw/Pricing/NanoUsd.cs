using System.Text;

namespace EdgeGw.Pricing;

/// <summary>An amount of money: a signed 64-bit count of nano-dollars (USD 1e-9), so about ±9.2 billion dollars.</summary>
/// <remarks>All ledger arithmetic is integer and checked: an overflow throws <see cref="OverflowException"/>, which admission turns into a refusal.</remarks>
public readonly record struct NanoUsd(long Value) : IComparable<NanoUsd>, IUtf8SpanFormattable
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long PerDollar = 1_000_000_000;

    private const int Decimals = 9;

    public static readonly NanoUsd Zero;

    public static NanoUsd FromDollars(decimal dollars) => new(checked((long)decimal.Ceiling(dollars * PerDollar)));

    public static NanoUsd operator +(NanoUsd a, NanoUsd b) => new(checked(a.Value + b.Value));

    public static NanoUsd operator -(NanoUsd a, NanoUsd b) => new(checked(a.Value - b.Value));

    public static bool operator <(NanoUsd a, NanoUsd b) => a.Value < b.Value;

    public static bool operator >(NanoUsd a, NanoUsd b) => a.Value > b.Value;

    public static bool operator <=(NanoUsd a, NanoUsd b) => a.Value <= b.Value;

    public static bool operator >=(NanoUsd a, NanoUsd b) => a.Value >= b.Value;

    public static NanoUsd Max(NanoUsd a, NanoUsd b) => a > b ? a : b;

    public int CompareTo(NanoUsd other) => Value.CompareTo(other.Value);

    /// <summary>The exact decimal in dollars without an exponent and without trailing zeros: <c>0.00001235</c>.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxLength];
        FixedPoint.TryFormat(Value, Decimals, text, out var length);
        return Encoding.ASCII.GetString(text[..length]);
    }

    /// <summary>As <see cref="ToString"/>; format and provider change nothing.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        FixedPoint.TryFormat(Value, Decimals, utf8Destination, out bytesWritten);
}
