using EdgeGw.Identity;

namespace EdgeGw.Tests.Identity;

public sealed class LastSecretTests
{
    private static readonly KeyHasher Hasher = new(new byte[32]);

    [Fact]
    public void Digest_is_always_that_of_the_secret_whatever_came_before()
    {
        string[] secrets = ["egw_a", "egw_a", "egw_b", "egw_", "egw_a", "egw_ab", "egw_a\0", "egw_b"];
        var last = new LastSecret();
        foreach (var secret in secrets)
        {
            Assert.True(Hasher.TryHash(secret, out var expected));
            Assert.True(last.TryHash(Hasher, secret, out var digest));
            Assert.Equal(expected, digest);
        }
    }

    [Fact]
    public void Secret_that_is_too_long_is_refused_and_changes_nothing()
    {
        var last = new LastSecret();
        Assert.True(last.TryHash(Hasher, "egw_a", out var digest));

        Assert.False(last.TryHash(Hasher, new string('e', 257), out _));

        Assert.True(last.TryHash(Hasher, "egw_a", out var again));
        Assert.Equal(digest, again);
    }

    [Fact]
    public void Known_secret_allocates_nothing()
    {
        var last = new LastSecret();
        last.TryHash(Hasher, "egw_a", out _);
        Assert.Equal(0, Allocations.OfEach(() => last.TryHash(Hasher, "egw_a", out _)));
    }
}
