namespace EdgeGw.Identity.Tokens;

/// <summary>Why a token is not accepted. The names, in snake case, are the reasons that metrics show.</summary>
public enum TokenFault : byte
{
    None,

    /// <summary>No JWS in compact form, too large, too deep, a name twice, or a header that this gateway does not take.</summary>
    Malformed,
    UnknownIssuer,
    Algorithm,

    /// <summary>The issuer has no such key.</summary>
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    Expired,
    NotYetValid,

    /// <summary>It lacks what the configuration requires, or names nobody.</summary>
    Claims,

    /// <summary>Two different tokens on one call.</summary>
    Several,

    /// <summary>The issuer cannot be reached, and no keys of it are at hand: nothing is known of the token.</summary>
    Unavailable,
}

/// <summary>What callers and metrics are told about a fault.</summary>
internal static class TokenFaults
{
    private static readonly string[] Names =
    [
        "none", "malformed", "unknown_issuer", "algorithm", "unknown_key", "signature", "issuer", "audience", "expired", "not_yet_valid", "claims", "several", "unavailable",
    ];

    public static string NameOf(TokenFault fault) => Names[(int)fault];

    /// <summary>Only who holds a token that the issuer signed is told what is wrong with it; others would learn whom we trust.</summary>
    public static string MessageOf(TokenFault fault) => fault switch
    {
        TokenFault.Expired => "The token has expired. Get a new one and send the call again.",
        TokenFault.NotYetValid => "The token is not valid yet. Look at the clock of the machine that it comes from.",
        TokenFault.Audience => "The token is meant for somebody else: its audience is not this gateway.",
        TokenFault.Claims => "The token is valid, and does not say what this gateway requires of a caller.",
        TokenFault.Several => "Two different tokens came with this call. Send one.",
        TokenFault.Unavailable => "The token cannot be checked now, since its issuer cannot be reached. Send the call again later.",
        _ => "The token is not accepted here.",
    };
}
