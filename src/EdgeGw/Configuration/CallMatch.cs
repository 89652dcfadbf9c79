namespace EdgeGw.Configuration;

/// <summary>The calls that a rule is for: those that every list that is not empty names. An empty match is every call.</summary>
public sealed record CallMatch
{
    public IReadOnlyList<string> Users { get; init; } = [];
    /// <summary>Addresses, with <c>*</c>: <c>*@example.com</c>.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];
    /// <summary>At least one of the caller's groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Services { get; init; } = [];
    /// <summary>Names or public ids of virtual keys.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
    /// <summary>Models as the provider names them, with <c>*</c>; with a slash the part before it is the provider's: <c>openai/gpt-4o*</c>.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyList<string> Providers { get; init; } = [];
    /// <summary>Labels, all of them, with <c>*</c>. A key's own label wins over the one that a caller sends.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
    /// <summary>Where the node must run, with <c>*</c>: the rule is not in force on others. Callers have no say in it.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];
}
