using System.Collections.Frozen;

namespace EdgeGw.Cli;

/// <summary>What a new virtual key is to be.</summary>
public sealed record KeyCreateOptions
{
    public required string Name { get; init; }

    /// <summary>The person whose key it is.</summary>
    public string? User { get; init; }

    public string? Email { get; init; }
    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What it may be used for; empty: everything that policies allow.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A virtual key as reports show it: everything but its secret.</summary>
public sealed record KeyInfo
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? User { get; init; }
    public string? Email { get; init; }
    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Null: never, as far as is known.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Until when a secret from before a rotation works; null: none does.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public bool Revoked { get; init; }
}

/// <summary>A new key, with the secret that exists nowhere else from now on.</summary>
/// <param name="Hash">For <c>identity.keys</c> of a configuration file.</param>
public sealed record CreatedKey(string Id, string Name, string Secret, string? Hash, DateTimeOffset? Expires)
{
    /// <summary>Until when the secret before this one works; null: there is none.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    // The generated ToString would print the secret.
    public override string ToString() => $"CreatedKey {{ Id = {Id}, Name = {Name} }}";
}
