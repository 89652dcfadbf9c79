using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry;

public sealed class RecentKeysTests
{
    [Fact]
    public void Value_found_is_that_of_the_key_whoever_else_wants_its_place()
    {
        var names = Gen.ListOf(Gen.Elements("a", "b", "ab", "ba", "aab", "bab", "aba", "abb", ""));
        Prop.ForAll(Arb.From(names), static names =>
        {
            var recent = new RecentKeys<(string, int), string>();
            foreach (var name in names)
            {
                // Lengths alone: many share a place.
                if (recent.TryGet((name, 1), name.Length, out var value))
                {
                    Assert.Equal(name + "!", value);
                }
                recent.Note((name, 1), name.Length, name + "!");
                Assert.False(recent.TryGet((name, 2), name.Length, out _));
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void First_key_of_a_place_is_at_hand_and_a_steady_other_takes_over()
    {
        var recent = new RecentKeys<(string, int), string>();
        recent.Note(("a", 0), 1, "A");
        Assert.True(recent.TryGet(("a", 0), 1, out var first));
        Assert.Equal("A", first);
        for (var i = 0; i < 1000 && !recent.TryGet(("b", 0), 1, out _); i++)
        {
            recent.Note(("b", 0), 1, "B");
        }
        Assert.True(recent.TryGet(("b", 0), 1, out var second));
        Assert.Equal("B", second);
    }
}
