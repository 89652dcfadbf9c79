using System.Globalization;
using System.Numerics;
using System.Text;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

public sealed class FixedPointTests
{
    [Fact]
    public void Text_equals_the_decimals_for_any_value_and_place_of_the_point() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), Gen.Choose(0, 18).ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), (value, decimals, shift) => Check(value >> shift, decimals))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    [InlineData(-100_000_000)]
    [InlineData(1_010_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Text_of_an_edge_equals_the_decimals(long value) => Check(value, 9);

    [Fact]
    public void Text_of_a_wide_value_reads_back_as_the_same_number() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<ulong>(), Gen.Choose(0, 18).ToArbitrary(), static (high, low, decimals) =>
        {
            foreach (var value in (Int128[])[new((ulong)high, low), high, (Int128)long.MaxValue + (low & 3), (Int128)long.MinValue - (low & 3)])
            {
                Assert.Equal((BigInteger)value, Read(Wide(value, decimals), decimals));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Widest_values_fit()
    {
        Assert.Equal("-170141183460469231731687303715.884105728", Wide(Int128.MinValue, 9));
        Assert.Equal("170141183460469231731.687303715884105727", Wide(Int128.MaxValue, 18));
        Assert.Equal("-170141183460469231731687303715884105728", Wide(Int128.MinValue, 0));
    }

    [Fact]
    public void Too_little_room_is_said() => Assert.False(FixedPoint.TryFormat(1, 9, new byte[FixedPoint.MaxLength - 1], out _));

    private static void Check(long value, int decimals)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxLength];
        Assert.True(FixedPoint.TryFormat(value, decimals, text, out var length));
        var one = decimal.One;
        for (var i = 0; i < decimals; i++)
        {
            one *= 10;
        }
        Assert.Equal(Encoding.ASCII.GetString(text[..length]), Wide(value, decimals));
        Assert.Equal((value / one).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text[..length]));
    }

    private static string Wide(Int128 value, int decimals)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxWideLength];
        return Encoding.ASCII.GetString(text[..FixedPoint.Format(value, decimals, text)]);
    }

    private static BigInteger Read(string text, int decimals)
    {
        var point = text.IndexOf('.');
        var rest = point < 0 ? "" : text[(point + 1)..];
        Assert.False(rest.EndsWith('0'));
        return BigInteger.Parse((point < 0 ? text : text[..point]) + rest.PadRight(decimals, '0'), CultureInfo.InvariantCulture);
    }
}
