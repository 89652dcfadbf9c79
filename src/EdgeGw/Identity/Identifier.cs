using EdgeGw.Identity.Tokens;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Identity;

/// <summary>Decides who is calling: the spine's second step. <c>docs/identity.md</c> has the rule for several credentials.</summary>
/// <param name="passthrough">Credentials that are not for us may be for the provider.</param>
/// <param name="rulesOnGroups">Callers whose groups cannot be known are refused.</param>
public sealed class Identifier(VirtualKeys keys, ConfiguredKeys configured, TokenIssuers issuers, bool allowAnonymous, bool passthrough = false, bool rulesOnGroups = false)
{
    /// <summary>The principal, or why there is none. Waits for nothing, and allocates nothing, where the key is the connection's last and the token is known.</summary>
    /// <param name="last">Of the connection that the request came over.</param>
    public ValueTask<Identification> IdentifyAsync(IHeaderDictionary headers, string? queryCredential, LastSecret last, CancellationToken cancellation)
    {
        var found = new CredentialHeaders(headers);
        var credential = CallerCredential.Find(ref found, queryCredential, out var header);
        var key = default(Principal);
        if (KeyHasher.LooksLikeSecret(credential))
        {
            var lookup = keys.Find(credential, configured, last);
            if (lookup.Principal is null)
            {
                return new(new Identification(new CallerFault(CallerFaultKind.Key, MessageOf(lookup.Fault))));
            }
            key = lookup.Principal;
        }
        var token = issuers.IsEmpty ? default : issuers.Find(headers, ref found, passthrough);
        if (token.Fault != TokenFault.None)
        {
            issuers.CountNobodys(token.Fault);
            return new(new Identification(FaultOf(token.Fault)));
        }
        if (token.Value is null)
        {
            return new(WithoutToken(key, header, credential.IsEmpty));
        }
        return token.Known is { } known ? new(WithToken(key, header, known, token)) : VerifyAsync(key, header, token, cancellation);
    }

    private async ValueTask<Identification> VerifyAsync(Principal? key, string? header, PresentedToken token, CancellationToken cancellation)
    {
        var verdict = await issuers.VerifyAsync(token.Text, cancellation);
        return verdict.Token is { } verified ? WithToken(key, header, verified, token) : new Identification(FaultOf(verdict.Fault));
    }

    private Identification WithToken(Principal? key, string? header, VerifiedToken verified, in PresentedToken token)
    {
        var principal = key is null ? verified.Principal : verified.With(key);
        return rulesOnGroups && principal.GroupsFault != GroupsFault.None
            ? new Identification(FaultOf(principal.GroupsFault))
            : new Identification(principal, null, header, token.Value, token.Start);
    }

    private Identification WithoutToken(Principal? key, string? header, bool noCredential)
    {
        if (key is not null)
        {
            return new Identification(key, null, header);
        }
        // An SDK always sends some key; where anonymous callers are allowed it may be anything.
        if (allowAnonymous)
        {
            return new Identification(Principal.Anonymous, null);
        }
        return new Identification(new CallerFault(CallerFaultKind.Key, noCredential
            ? "No API key was sent. Send an EdgeGw key as your SDK's API key."
            : "The API key is not an EdgeGw key. Send one, as edgegw keys create prints it; the gateway adds the provider's key itself."));
    }

    private static CallerFault FaultOf(TokenFault fault) =>
        new(fault == TokenFault.Unavailable ? CallerFaultKind.Unavailable : CallerFaultKind.Token, TokenFaults.MessageOf(fault));

    private static CallerFault FaultOf(GroupsFault fault) => fault == GroupsFault.Unreachable
        ? new(CallerFaultKind.Unavailable, "Your groups cannot be read from the identity provider now, and this gateway has rules on groups. Send the call again later.")
        : new(CallerFaultKind.Groups, "Your token does not list your groups, because there are too many, and this gateway has rules on groups. "
            + "Ask the operator to have only this application's groups put into tokens, or to use application roles.");

    private static string MessageOf(KeyFault fault) => fault switch
    {
        KeyFault.Revoked => "This EdgeGw key has been revoked.",
        KeyFault.Expired => "This EdgeGw key has expired.",
        KeyFault.Replaced => "This EdgeGw key has been rotated: use its new secret.",
        _ => "This EdgeGw key is not known here.",
    };
}
