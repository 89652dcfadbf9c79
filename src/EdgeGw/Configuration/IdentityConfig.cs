using System.Collections.Frozen;
using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Who may call.</summary>
public sealed record IdentityConfig
{
    /// <summary>Callers without a credential are let in as the anonymous principal.</summary>
    public bool Anonymous { get; init; }

    /// <summary>A caller's own provider key is passed on where the provider has none configured.</summary>
    public bool Passthrough { get; init; }

    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];

    /// <summary>Whose tokens are accepted.</summary>
    public IReadOnlyList<JwtConfig> Jwt { get; init; } = [];
}

/// <summary>A virtual key declared in the configuration.</summary>
public sealed record KeyConfig
{
    public required string Name { get; init; }

    /// <summary>Keyed hash of the secret, as <c>edgegw keys create</c> prints it.</summary>
    public required string Hash { get; init; }

    /// <summary>The person whose key it is, named as tokens name it.</summary>
    public string? User { get; init; }

    public string? Email { get; init; }
    public string? Service { get; init; }

    /// <summary>What it may be used for, as in <see cref="CallMatch.Models"/>; empty: everything that policies allow.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    // A keyed hash is no secret, yet nothing a log needs either.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Name = ").Append(Name).Append(", Service = ").Append(Service);
        return true;
    }
}
