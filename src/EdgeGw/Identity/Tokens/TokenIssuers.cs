using System.Collections.Frozen;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Identity.Tokens;

/// <summary>The issuers of one configuration. Those that did not change keep their keys and verified tokens.</summary>
public sealed class TokenIssuers
{
    public static readonly TokenIssuers None = new();

    private readonly TokenIssuer[] _all = [];
    private readonly FrozenDictionary<string, TokenIssuer> _byName = FrozenDictionary<string, TokenIssuer>.Empty;
    private readonly TokenServices? _services;

    public TokenIssuers(IReadOnlyList<JwtConfig> configs, TokenServices services, TokenIssuers? previous)
    {
        _services = services;
        _all = [.. configs.Select(config => previous?._byName.GetValueOrDefault(config.Issuer) is { } same && ConfigEquality.Same(same.Config, config) ? same : new TokenIssuer(config, services))];
        _byName = _all.ToFrozenDictionary(static issuer => issuer.Config.Issuer, StringComparer.Ordinal);
        Headers = [.. configs.Select(static config => config.Header).OfType<string>().Except(CredentialHeaders.Names, StringComparer.OrdinalIgnoreCase)];
    }

    private TokenIssuers()
    {
    }

    public bool IsEmpty => _all.Length == 0;

    /// <summary>Those that hold nothing but tokens.</summary>
    public string[] Headers { get; } = [];

    /// <summary>Fetches the keys that are not at hand, without being waited for.</summary>
    public void WarmUp()
    {
        foreach (var issuer in _all)
        {
            _ = issuer.WarmUpAsync();
        }
    }

    internal TokenIssuer? Named(string issuer) => _byName.GetValueOrDefault(issuer);

    /// <summary>The token that the caller sent, wherever; of two that differ neither.</summary>
    /// <param name="leaveForeign">Tokens of other issuers, where SDKs send their key, are the provider's.</param>
    /// <param name="usual">Those of <paramref name="headers"/> in which SDKs put their key.</param>
    internal PresentedToken Find(IHeaderDictionary headers, ref CredentialHeaders usual, bool leaveForeign)
    {
        var found = default(PresentedToken);
        for (var i = 0; i < CredentialHeaders.Names.Length + Headers.Length && found.Fault == TokenFault.None; i++)
        {
            var isOwn = i >= CredentialHeaders.Names.Length;
            var values = isOwn ? headers[Headers[i - CredentialHeaders.Names.Length]] : usual[i];
            for (var j = 0; j < values.Count; j++)
            {
                var value = values[j] ?? "";
                var text = CallerCredential.WithoutScheme(value);
                var known = TokenText.MayBeToken(text) ? FindKnown(text) : null;
                if (known is null && !TokenText.LooksLikeToken(text))
                {
                    found = isOwn && !text.IsEmpty ? new(TokenFault.Malformed) : found;
                }
                else if (found.Value is not null)
                {
                    found = text.SequenceEqual(found.Text) ? found : new(TokenFault.Several);
                }
                else if (isOwn || !leaveForeign || known is not null || IsOurs(text))
                {
                    value.AsSpan().Overlaps(text, out var start);
                    found = new(value, start, text.Length) { Known = known };
                }
            }
        }
        return found;
    }

    internal VerifiedToken? FindKnown(ReadOnlySpan<char> token)
    {
        foreach (var issuer in _all)
        {
            if (issuer.FindKnown(token) is { } known)
            {
                return known;
            }
        }
        return null;
    }

    internal ValueTask<TokenVerdict> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellation)
    {
        var text = TokenText.Parse(token);
        if (text is not null && Named(text.Issuer) is { } issuer)
        {
            return issuer.VerifyAsync(text, cancellation);
        }
        var fault = text is null ? TokenFault.Malformed : TokenFault.UnknownIssuer;
        CountNobodys(fault);
        return new(new TokenVerdict(fault));
    }

    /// <summary>A token that is not looked at any further.</summary>
    internal void CountNobodys(TokenFault fault) => _services!.Metrics.Nobodys(fault);

    private bool IsOurs(ReadOnlySpan<char> token) => TokenText.Parse(token) is { } text && Named(text.Issuer) is not null;
}

/// <summary>A header's value with the token in it; or what is wrong with what was sent; or neither.</summary>
internal readonly record struct PresentedToken(string? Value, int Start, int Length, TokenFault Fault = TokenFault.None)
{
    public PresentedToken(TokenFault fault)
        : this(null, 0, 0, fault)
    {
    }

    /// <summary>What it was found to be before; null: it was not.</summary>
    public VerifiedToken? Known { get; init; }

    public ReadOnlySpan<char> Text => Value.AsSpan(Start, Length);
}
