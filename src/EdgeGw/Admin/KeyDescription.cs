namespace EdgeGw.Admin;

/// <summary>Where a key is declared.</summary>
public enum KeySource : byte
{
    /// <summary>In the configuration file; changed there only.</summary>
    Config,
    /// <summary>Made by the admin API or the command line.</summary>
    Store,
}

/// <summary>A virtual key as reports show it. Holds neither the secret nor its hash.</summary>
/// <param name="Created">Null for keys of the configuration.</param>
/// <param name="Expires">Null: never.</param>
/// <param name="Revoked">Null: not revoked.</param>
public sealed record KeyDescription(
    string Id, string Name, string? Service, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset? Created, DateTimeOffset? Expires, DateTimeOffset? Revoked, KeySource Source)
{
    /// <summary>The person whose key it is.</summary>
    public string? User { get; init; }

    public string? Email { get; init; }

    /// <summary>What it may be used for; empty: everything that policies allow.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>When it got its newest secret; null: it has its first.</summary>
    public DateTimeOffset? Rotated { get; init; }

    /// <summary>Until when a secret from before the rotation works; null: none does.</summary>
    public DateTimeOffset? OverlapEnds { get; init; }

    /// <summary>To the second; null: never, as far as is known.</summary>
    public DateTimeOffset? LastUsed { get; init; }
}
