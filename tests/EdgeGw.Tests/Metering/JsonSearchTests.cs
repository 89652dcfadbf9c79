using System.Text;
using EdgeGw.Metering.Json;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class JsonSearchTests
{
    [Fact]
    public void Ends_are_those_of_a_search_byte_by_byte()
    {
        var piece = Gen.OneOf(
            Gen.Choose(0, 70).Select(static length => new string('1', length)), Gen.Elements("\"", "\\", ",", "}", "]", " ", "\t", "\r", "\n", "[", "{", ":", "\u00e9", "\0"));
        var input = Gen.Zip(Gen.ListOf(piece), Gen.Choose(0, 200));
        Prop.ForAll(Arb.From(input), static input =>
        {
            var data = Encoding.UTF8.GetBytes(string.Concat(input.Item1));
            var at = Math.Min(input.Item2, data.Length);
            Assert.Equal(First(data, at, "\"\\"), JsonSearch.QuoteOrBackslash(data, at));
            Assert.Equal(First(data, at, ",}] \t\r\n"), JsonSearch.LiteralEnd(data, at));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static int First(byte[] data, int at, string wanted)
    {
        while (at < data.Length && !wanted.Contains((char)data[at], StringComparison.Ordinal))
        {
            at++;
        }
        return at;
    }
}
