using EdgeGw.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Identity;

public sealed class SecretTextTests
{
    [Fact]
    public void Comparison_is_that_of_the_characters_wherever_they_differ()
    {
        var input =
            from length in Gen.Choose(0, 80)
            from text in Gen.ArrayOf(Gen.Choose(1, char.MaxValue).Select(static c => (char)c), length)
            from at in Gen.Choose(0, Math.Max(0, length - 1))
            from flip in Gen.Choose(0, 15)
            select (text, at, flip);
        Prop.ForAll(Arb.From(input), static input =>
        {
            var (text, at, flip) = input;
            var other = text.ToArray();
            Assert.True(SecretText.FixedTimeEquals(text, other));
            Assert.False(SecretText.FixedTimeEquals(text, [.. other, 'x']));
            if (text.Length > 0)
            {
                // One bit alone, of any weight.
                other[at] ^= (char)(1 << flip);
                Assert.False(SecretText.FixedTimeEquals(text, other));
                Assert.False(SecretText.FixedTimeEquals(text, text.AsSpan(1)));
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
