namespace EdgeGw.Configuration;

/// <summary>Some of the callers: those whom every list that is not empty names, or has <c>*</c> for. An empty match is everybody.</summary>
public sealed record PrincipalMatch
{
    /// <summary>At least one of the caller's groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Users { get; init; } = [];
    public IReadOnlyList<string> Services { get; init; } = [];
    /// <summary>Names or public ids of virtual keys.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
    /// <summary>Labels of the key, all of them; never those that a caller sends.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}
