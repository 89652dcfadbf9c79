using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;

namespace EdgeGw.Tests.Identity.Tokens;

public sealed class TokenCacheTests
{
    private static readonly DateTimeOffset Now = IssuerClock.Start;

    [Fact]
    public void Token_is_found_by_all_of_its_characters()
    {
        var cache = new TokenCache();
        var end = new string('s', 40);
        cache.Add("a." + end, Verified("ann"), cache.Generation, Now);
        cache.Add("b." + end, Verified("bob"), cache.Generation, Now);
        Assert.Equal("ann", cache.Find("a." + end, Now)?.Principal.User);
        Assert.Equal("bob", cache.Find("b." + end, Now)?.Principal.User);
        Assert.Null(cache.Find("c." + end, Now));
        Assert.Null(cache.Find(end, Now));
    }

    [Fact]
    public void Token_is_found_until_it_ends()
    {
        var cache = new TokenCache();
        cache.Add("t", Verified("ann"), cache.Generation, Now);
        Assert.NotNull(cache.Find("t", Now.AddMinutes(1).AddTicks(-1)));
        Assert.Null(cache.Find("t", Now.AddMinutes(1)));
    }

    [Fact]
    public void Tokens_have_a_bound_in_number_and_those_in_use_stay()
    {
        var cache = new TokenCache();
        for (var i = 0; i < TokenCache.MostTokens * 2; i++)
        {
            cache.Add($"token-{i}", Verified("ann"), cache.Generation, Now);
            Assert.NotNull(cache.Find("token-0", Now));
        }
        Assert.Equal(TokenCache.MostTokens, cache.Count);
        Assert.Null(cache.Find("token-1", Now));
    }

    [Fact]
    public void Tokens_have_a_bound_in_size()
    {
        var cache = new TokenCache();
        var most = (int)(TokenCache.MostCharacters / TokenText.Longest);
        for (var i = 0; i < most + 10; i++)
        {
            cache.Add(i.ToString("D5", null).PadLeft(TokenText.Longest, 'x'), Verified("ann"), cache.Generation, Now);
        }
        Assert.Equal(most, cache.Count);
    }

    [Fact]
    public void Token_verified_before_everything_was_forgotten_is_not_kept()
    {
        var cache = new TokenCache();
        var generation = cache.Generation;
        cache.Clear();
        cache.Add("t", Verified("ann"), generation, Now);
        Assert.Null(cache.Find("t", Now));
    }

    [Fact]
    public async Task Known_token_yields_the_same_principal_and_so_does_the_next_token_of_the_same_content()
    {
        using var identity = new IdentityFixture();
        var first = identity.Issuer.Token("""{"groups":["a","b"],"jti":"1"}""");
        var principal = await identity.AcceptAsync(first);
        Assert.Same(principal, await identity.AcceptAsync(first));
        Assert.Same(principal, await identity.AcceptAsync(identity.Issuer.Token("""{"groups":["b","a"],"jti":"2"}""")));
        Assert.NotSame(principal, await identity.AcceptAsync(identity.Issuer.Token("""{"groups":["b"],"jti":"3"}""")));
        Assert.Contains("result=\"known\"} 1\n", identity.Metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Known_token_allocates_nothing(bool withKey)
    {
        using var identity = new IdentityFixture();
        var headers = IdentityFixture.Bearer(identity.Issuer.Token($$"""{"groups":["a","b"],"filler":"{{new string('x', 900)}}"}"""));
        if (withKey)
        {
            headers["x-api-key"] = IdentityFixture.Secret;
        }
        await identity.IdentifyAsync(headers);
        Assert.Equal(0, Allocations.OfEach(() => Identify(identity, headers)));
    }

    private static void Identify(IdentityFixture identity, Microsoft.AspNetCore.Http.HeaderDictionary headers)
    {
        for (var i = 0; i < 100; i++)
        {
            var call = identity.IdentifyAsync(headers);
            if (!call.IsCompletedSuccessfully || call.Result.Principal is null)
            {
                throw new InvalidOperationException("a known token must be found at once");
            }
        }
    }

    private static VerifiedToken Verified(string user) => new(new Principal { User = user }, Now.AddMinutes(1));
}
