using System.Collections.Frozen;

namespace EdgeGw.Configuration;

/// <summary>Who may call.</summary>
public sealed record IdentityConfig
{
    /// <summary>Callers without a credential are let in as the anonymous principal.</summary>
    public bool Anonymous { get; init; }

    /// <summary>A caller's own provider key is passed on where the provider has none configured.</summary>
    public bool Passthrough { get; init; }

    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];
}

/// <summary>A virtual key declared in the configuration.</summary>
public sealed record KeyConfig
{
    public required string Name { get; init; }

    /// <summary>Keyed hash of the secret, as <c>edgegw keys create</c> prints it.</summary>
    public required string Hash { get; init; }

    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;
}
