using EdgeGw.Configuration;
using EdgeGw.Telemetry;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EdgeGw.Identity.Tokens;

/// <summary>One issuer: its keys, and the tokens of it that were found good.</summary>
internal sealed class TokenIssuer
{
    /// <summary>How far the issuer's clock and ours may be apart.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = TokenText.Longest };

    private readonly TokenServices _services;
    private readonly IssuerMetrics _metrics;
    private readonly IssuerKeys _keys;
    private readonly GroupLookup? _groups;
    private readonly TokenCache _cache = new();
    private readonly SharedPrincipals _principals = new();

    public TokenIssuer(JwtConfig config, TokenServices services)
    {
        Config = config;
        _services = services;
        _metrics = services.Metrics.Of(config.Issuer);
        _keys = new IssuerKeys(config, services.Documents, services.Time, NoteFetch, _cache.Clear);
        _groups = GroupLookup.Of(config, services.Documents, services.Time, fault => services.Log.NoGroups(config.Issuer, fault));
    }

    public JwtConfig Config { get; }

    /// <summary>Fetches the keys ahead of the first token.</summary>
    public Task WarmUpAsync() => _keys.WarmUpAsync();

    /// <summary>What the token was found to be before; null: it was not, or that counts no longer. Allocates nothing.</summary>
    public VerifiedToken? FindKnown(ReadOnlySpan<char> token)
    {
        var now = _services.Time.GetUtcNow();
        if (_cache.Find(token, now) is not { } known || !_keys.AreUsable(now))
        {
            return null;
        }
        _metrics.Known.Increment();
        return known;
    }

    /// <summary>Checks everything. Waits only where keys or groups have to be fetched first.</summary>
    public async ValueTask<TokenVerdict> VerifyAsync(TokenText token, CancellationToken cancellation)
    {
        var verdict = await CheckAsync(token, cancellation);
        _metrics.Count(verdict.Fault);
        return verdict;
    }

    private async ValueTask<TokenVerdict> CheckAsync(TokenText token, CancellationToken cancellation)
    {
        if (!Config.Algorithms.Contains(token.Algorithm))
        {
            return new(TokenFault.Algorithm);
        }
        var generation = _cache.Generation;
        if (await _keys.FindAsync(token.KeyId, token.Algorithm, cancellation) is not { } keys)
        {
            return new(TokenFault.Unavailable);
        }
        if (keys.Length == 0)
        {
            return new(TokenFault.UnknownKey);
        }
        if (await FaultAsync(token, keys) is not TokenFault.None and var fault)
        {
            return new(fault);
        }
        var claims = new ClaimSet(token.Claims);
        if (PrincipalReader.Read(claims, Config) is not { } principal)
        {
            return new(TokenFault.Claims);
        }
        var until = token.Expires + Leeway;
        if (_groups is not null && _groups.IsFor(principal))
        {
            var lookup = await _groups.GetAsync(claims, token.Raw, cancellation);
            if (lookup.Value is not { } groups)
            {
                // Not kept: the next call asks again.
                return new(new VerifiedToken(principal with { GroupsFault = GroupsFault.Unreachable }, DateTimeOffset.MinValue));
            }
            principal = PrincipalReader.WithGroups(principal with { GroupsFault = GroupsFault.None }, [.. claims.All(Config.Groups), .. groups], Config);
            until = lookup.Until < until ? lookup.Until : until;
        }
        var verified = new VerifiedToken(_principals.Share(principal), until);
        _cache.Add(token.Raw, verified, generation, _services.Time.GetUtcNow());
        return new(verified);
    }

    private async ValueTask<TokenFault> FaultAsync(TokenText token, SecurityKey[] keys)
    {
        var lifetime = TokenFault.None;
        var result = await Handler.ValidateTokenAsync(token.Raw, new TokenValidationParameters
        {
            ValidAlgorithms = Config.Algorithms,
            ValidIssuer = Config.Issuer,
            ValidAudiences = Config.Audiences,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            // Those of the token's own name and type; without a name the only one.
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = true,
            // The library's clock would be the machine's.
            LifetimeValidator = (_, _, _, _) => (lifetime = Lifetime(token)) == TokenFault.None,
        });
        return lifetime is not TokenFault.None ? lifetime : result.IsValid ? TokenFault.None : FaultOf(result.Exception);
    }

    private TokenFault Lifetime(TokenText token)
    {
        var now = _services.Time.GetUtcNow();
        return now >= token.Expires + Leeway ? TokenFault.Expired : now + Leeway < token.NotBefore ? TokenFault.NotYetValid : TokenFault.None;
    }

    private static TokenFault FaultOf(Exception? fault) => fault switch
    {
        SecurityTokenInvalidAudienceException => TokenFault.Audience,
        SecurityTokenInvalidIssuerException => TokenFault.Issuer,
        SecurityTokenInvalidAlgorithmException => TokenFault.Algorithm,
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => TokenFault.Signature,
        _ => TokenFault.Malformed,
    };

    private void NoteFetch(string? fault, bool isInvalid)
    {
        var said = _metrics.Fetched(fault is null ? null : isInvalid ? "invalid" : "unreachable", _services.Time.GetUtcNow());
        if (fault is not null)
        {
            _services.Log.NoIssuerKeys(Config.Issuer, fault);
        }
        else if (said)
        {
            _services.Log.IssuerKeysBack(Config.Issuer);
        }
    }
}

/// <summary>Exactly one of token and fault is set.</summary>
internal readonly record struct TokenVerdict(VerifiedToken? Token, TokenFault Fault)
{
    public TokenVerdict(VerifiedToken token)
        : this(token, TokenFault.None)
    {
    }

    public TokenVerdict(TokenFault fault)
        : this(null, fault)
    {
    }
}
