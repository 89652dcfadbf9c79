using System.Globalization;
using System.Numerics;
using System.Text;
using EdgeGw.Telemetry.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry.Metrics;

public sealed class DecimalTextTests
{
    [Fact]
    public void Text_reads_back_as_the_same_number() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<long>().Zip(Gen.Choose(0, 18)).ToArbitrary(), pair =>
            Read(Text(pair.Item1, pair.Item2), pair.Item2) == pair.Item1).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 9, "0")]
    [InlineData(1, 9, "0.000000001")]
    [InlineData(-1, 9, "-0.000000001")]
    [InlineData(1_500_000_000, 9, "1.5")]
    [InlineData(2_000_000_000, 9, "2")]
    [InlineData(long.MinValue, 0, "-9223372036854775808")]
    [InlineData(long.MinValue, 9, "-9223372036.854775808")]
    public void Text_is_canonical(long value, int scale, string expected) => Assert.Equal(expected, Text(value, scale));

    [Fact]
    public void Largest_128_bit_values_fit()
    {
        Assert.Equal("-170141183460469231731687303715.884105728", Text(Int128.MinValue, 9));
        Assert.Equal("170141183460469231731.687303715884105727", Text(Int128.MaxValue, 18));
    }

    private static string Text(Int128 value, int scale)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxLength];
        return Encoding.ASCII.GetString(text[..DecimalText.Format(value, scale, text)]);
    }

    private static BigInteger Read(string text, int scale)
    {
        var point = text.IndexOf('.');
        var fraction = point < 0 ? "" : text[(point + 1)..];
        Assert.False(fraction.EndsWith('0'));
        var whole = point < 0 ? text : text[..point];
        return BigInteger.Parse(whole + fraction.PadRight(scale, '0'), CultureInfo.InvariantCulture);
    }
}
