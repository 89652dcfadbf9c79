using System.Globalization;
using System.Text;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

public sealed class FixedPointTests
{
    [Fact]
    public void Text_equals_the_decimals_for_any_value_and_place_of_the_point() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), Gen.Choose(1, 18).ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), (value, decimals, shift) => Check(value >> shift, decimals))
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
        Assert.Equal((value / one).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text[..length]));
    }
}
