using System.Collections.Frozen;

namespace EdgeGw.Identity;

/// <summary>A credential that we hand out: who it stands for, and how long. Holds the secret's hash, never the secret.</summary>
public sealed record VirtualKey
{
    /// <summary>Public id, safe to log.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among keys in force; budgets per key are kept under it, so a rotated key keeps its budget.</summary>
    public required string Name { get; init; }

    /// <summary>Of the newest secret.</summary>
    public required KeyDigest Digest { get; init; }

    /// <summary>Secrets from before rotations, the newest first. Those that have ended stay for a while, so that who still uses one is told why it fails.</summary>
    public IReadOnlyList<ReplacedSecret> Replaced { get; init; } = [];

    /// <summary>The person whose key it is, named as tokens name it: budgets per user hold for all of a person's keys and tokens together.</summary>
    public string? User { get; init; }
    public string? Email { get; init; }

    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What it may be used for, as in <see cref="Configuration.CallMatch.Models"/>; empty: everything that policies allow.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    /// <summary>When it got its newest secret; null: it has its first.</summary>
    public DateTimeOffset? Rotated { get; init; }

    public DateTimeOffset? Expires { get; init; }
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Declared in the configuration file: it can be revoked only there.</summary>
    public bool FromConfig { get; init; }

    /// <summary>Until when the last secret before the newest works; null: only the newest does.</summary>
    public DateTimeOffset? OverlapEnds(DateTimeOffset now) => Replaced.Count > 0 && Replaced.Max(static secret => secret.Ends) is var last && last > now ? last : null;

    /// <remarks>The address is in small letters, as it is where a token says it.</remarks>
    public Principal ToPrincipal() =>
        new() { KeyId = Id, KeyName = Name, User = User, Email = Email?.ToLowerInvariant(), Service = Service, Groups = Groups, Metadata = Metadata, Models = Models };
}

/// <summary>A secret of a key that has a newer one.</summary>
/// <param name="Ends">From then on it is refused.</param>
public readonly record struct ReplacedSecret(KeyDigest Digest, DateTimeOffset Ends);
