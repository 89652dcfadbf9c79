using Microsoft.AspNetCore.Http;

namespace EdgeGw.Identity;

/// <summary>Decides who is calling: the spine's first step.</summary>
public sealed class Identifier(VirtualKeys keys, ConfiguredKeys configured, bool allowAnonymous)
{
    /// <summary>The principal, or a message for the caller that names what to do and never the credential.</summary>
    public Identification Identify(IHeaderDictionary headers, string? queryCredential)
    {
        var credential = CallerCredential.Find(headers, queryCredential, out var header);
        if (KeyHasher.LooksLikeSecret(credential))
        {
            var lookup = keys.Find(credential, configured);
            return lookup.Principal is { } principal ? new Identification(principal, null, header) : new Identification(null, MessageOf(lookup.Fault));
        }
        // An SDK always sends some key; where anonymous callers are allowed it may be anything.
        if (allowAnonymous)
        {
            return new Identification(Principal.Anonymous, null);
        }
        return new Identification(null, credential.IsEmpty
            ? "No API key was sent. Send an EdgeGw key as your SDK's API key."
            : "The API key is not an EdgeGw key. Send one, as edgegw keys create prints it; the gateway adds the provider's key itself.");
    }

    private static string MessageOf(KeyFault fault) => fault switch
    {
        KeyFault.Revoked => "This EdgeGw key has been revoked.",
        KeyFault.Expired => "This EdgeGw key has expired.",
        _ => "This EdgeGw key is not known here.",
    };
}

/// <summary>Exactly one of principal and fault is set.</summary>
/// <param name="Header">The header that held the caller's virtual key; null: none did.</param>
public readonly record struct Identification(Principal? Principal, string? Fault, string? Header = null);
