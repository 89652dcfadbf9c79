using System.Collections.Frozen;

namespace EdgeGw.Cli;

/// <summary>What a new virtual key is to be.</summary>
public sealed record KeyCreateOptions
{
    public required string Name { get; init; }
    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A virtual key as reports show it: everything but its secret.</summary>
public sealed record KeyInfo
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public bool Revoked { get; init; }
}

/// <summary>A new key, with the secret that exists nowhere else from now on.</summary>
/// <param name="Hash">For <c>identity.keys</c> of a configuration file.</param>
public sealed record CreatedKey(string Id, string Name, string Secret, string? Hash, DateTimeOffset? Expires)
{
    // The generated ToString would print the secret.
    public override string ToString() => $"CreatedKey {{ Id = {Id}, Name = {Name} }}";
}
