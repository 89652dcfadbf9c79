namespace EdgeGw.Identity;

/// <summary>Why a caller is not let in.</summary>
/// <param name="Message">For the caller: says what to do, and never the credential.</param>
public sealed record CallerFault(CallerFaultKind Kind, string Message);

/// <summary>What the answer's status and code follow from.</summary>
public enum CallerFaultKind : byte
{
    /// <summary>No key, or none that counts.</summary>
    Key,

    /// <summary>A token that does not count.</summary>
    Token,

    /// <summary>Nothing can be said of the token now.</summary>
    Unavailable,

    /// <summary>The caller is known and its groups are not, where rules ask for groups.</summary>
    Groups,
}
