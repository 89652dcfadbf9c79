using System.Collections.Frozen;

namespace EdgeGw.Configuration;

/// <summary>An issuer whose tokens (JWT) are accepted, with its preset's rows filled in.</summary>
/// <remarks>
/// Where a claim is asked for, a text with <c>{path}</c> holes stands for it. Of a list of such texts the first counts that has a value for every hole;
/// for groups all of them count.
/// </remarks>
public sealed record JwtConfig
{
    /// <summary>Compared with <c>iss</c> character by character.</summary>
    public required string Issuer { get; init; }

    /// <summary>The preset's name; null: none.</summary>
    public string? Preset { get; init; }

    /// <summary>One of these must stand in <c>aud</c>. Never empty.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Signature algorithms by their JOSE names.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = JwtPreset.DefaultAlgorithms;

    /// <summary>Where tokens are looked for besides the headers in which SDKs put their key; null: nowhere else.</summary>
    public string? Header { get; init; }

    /// <summary>Where the keys are; null: where the issuer's discovery document says.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>The issuer may be asked over plain HTTP: only on loopback.</summary>
    public bool AllowHttp { get; init; }

    public IReadOnlyList<string> User { get; init; } = ["{sub}"];
    public IReadOnlyList<string> Email { get; init; } = ["{email}"];
    public IReadOnlyList<string> Groups { get; init; } = ["{groups}"];

    /// <summary>Beside the user it is the agent that acts for that user; <c>act.sub</c> (RFC 8693) counts where none of these has a value.</summary>
    public IReadOnlyList<string> Service { get; init; } = [];

    /// <summary>Label to text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Name to text, for rules on claims.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Put in front of each group that has no new name.</summary>
    public string GroupPrefix { get; init; } = "";

    /// <summary>New names of groups.</summary>
    public IReadOnlyDictionary<string, string> GroupNames { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What a token must say besides: path to patterns, one of which must fit one value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Require { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>A token that says this is a machine's: it has a service and no user. Null: no token is.</summary>
    public JwtCondition? MachineWhen { get; init; }

    /// <summary>Cut off the front of the service.</summary>
    public string ServicePrefix { get; init; } = "";

    /// <summary>Where the groups of a token's bearer are asked for, with the token, when it does not list them; null: nowhere.</summary>
    public Uri? GroupsEndpoint { get; init; }

    /// <summary>Where they are asked for when a token of Entra ID has too many to list; null: nowhere.</summary>
    public GraphConfig? Graph { get; init; }
}

/// <summary>A claim that has a value which fits a pattern.</summary>
/// <param name="Pattern"><c>*</c> stands for any text; empty for the empty text.</param>
public sealed record JwtCondition(string Path, string Pattern);
