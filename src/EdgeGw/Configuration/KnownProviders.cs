using System.Collections.Frozen;

namespace EdgeGw.Configuration;

/// <summary>What the configuration must know of the provider table, which belongs to the upstream side.</summary>
public sealed record KnownProviders
{
    /// <summary>The kinds that <c>providers.*.kind</c> may name.</summary>
    public required IReadOnlySet<string> Kinds { get; init; }

    /// <summary>Kinds without a public address of their own: each such provider needs a <c>base_url</c>.</summary>
    public IReadOnlySet<string> NeedBaseUrl { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Kinds of AWS's own, which take a region and credentials that sign.</summary>
    public IReadOnlySet<string> Aws { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Names that are first path segments of the gateway's own surface.</summary>
    public Func<string, bool> IsReservedName { get; init; } = static _ => false;

    /// <summary>The SDKs' own variables, in the order in which providers are to be listed.</summary>
    public IReadOnlyList<ProviderEnvironment> Environment { get; init; } = [];
}

/// <summary>The variables from which a provider's official SDK takes its settings.</summary>
/// <param name="KeyVariables">In order of precedence; the first that is set and not empty counts.</param>
public readonly record struct ProviderEnvironment(string Kind, string[] KeyVariables, string? BaseUrlVariable);
