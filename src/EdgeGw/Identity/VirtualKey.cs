using System.Collections.Frozen;

namespace EdgeGw.Identity;

/// <summary>A credential that we hand out: who it stands for, and how long. Holds the secret's hash, never the secret.</summary>
public sealed record VirtualKey
{
    /// <summary>Public id, safe to log.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among keys in force; budgets per key are kept under it, so a rotated key keeps its budget.</summary>
    public required string Name { get; init; }

    public required KeyDigest Digest { get; init; }
    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Declared in the configuration file: it can be revoked only there.</summary>
    public bool FromConfig { get; init; }

    public Principal ToPrincipal() => new() { KeyId = Id, KeyName = Name, Service = Service, Groups = Groups, Metadata = Metadata };
}
