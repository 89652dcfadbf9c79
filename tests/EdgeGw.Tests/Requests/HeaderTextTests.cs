using System.Text;
using EdgeGw.Requests;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Requests;

public sealed class HeaderTextTests
{
    [Fact]
    public void Id_is_written_as_the_framework_writes_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), id => Assert.Equal(id.ToString(), Text(new RequestIdText(id)))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "gateway;dur=0")]
    [InlineData(4, "gateway;dur=0")]
    [InlineData(5, "gateway;dur=0.001")]
    [InlineData(3450, "gateway;dur=0.345")]
    [InlineData(12_480_000, "gateway;dur=1248")]
    [InlineData(TimeSpan.TicksPerDay + 10, "gateway;dur=86400000.001")]
    public void Overhead_is_told_in_milliseconds(long ticks, string expected) => Assert.Equal(expected, Text(new ServerTiming(new TimeSpan(ticks))));

    private static string Text<T>(T value)
        where T : struct, IUtf8SpanFormattable
    {
        var text = new byte[64];
        Assert.True(value.TryFormat(text, out var length, default, null));
        return Encoding.ASCII.GetString(text, 0, length);
    }
}
