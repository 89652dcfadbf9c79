using System.Text.RegularExpressions;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

public sealed class WildcardTests
{
    [Fact]
    public void Star_means_any_run_as_a_regular_expression_would_have_it()
    {
        var text = Gen.Elements('a', 'b', 'A', '.').ListOf().Select(chars => string.Concat(chars.Take(8)));
        var pattern = Gen.Elements('a', 'b', 'A', '.', '*').ListOf().Select(chars => string.Concat(chars.Take(6)));
        Prop.ForAll(Gen.Zip(pattern, text).ToArbitrary(), pair =>
            Assert.Equal(
                Regex.IsMatch(pair.Item2, $"^{Regex.Escape(pair.Item1).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase),
                Wildcard.IsMatch(pair.Item1, pair.Item2))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
