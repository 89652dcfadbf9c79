using System.Collections.Frozen;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>The whole configuration, validated and immutable. Names and meaning of each field: README, "Configuration".</summary>
public sealed record GatewayConfig
{
    public ListenConfig Listen { get; init; } = new();

    /// <summary>Where this node runs, such as <c>production</c>: what matches may ask for. Null: nothing was said.</summary>
    public string? Environment { get; init; }

    /// <summary>The folder that holds journal, counters and keys. One process at a time.</summary>
    public required string DataDirectory { get; init; }

    public Durability Durability { get; init; } = Durability.Overlapped;
    public JournalConfig Journal { get; init; } = new();
    public AuditConfig Audit { get; init; } = new();

    /// <summary>Providers by the name that stands in paths and in <c>provider/model</c>.</summary>
    public IReadOnlyDictionary<string, ProviderConfig> Providers { get; init; } = FrozenDictionary<string, ProviderConfig>.Empty;

    /// <summary>Aliases: a model name of our own to <c>provider/model</c>.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = FrozenDictionary<string, string>.Empty;

    public IdentityConfig Identity { get; init; } = new();
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];
    public IReadOnlyList<LimitConfig> Limits { get; init; } = [];
    public IReadOnlyList<PolicyConfig> Policies { get; init; } = [];

    /// <summary>Those of <see cref="Budgets"/> that are in force where this node runs.</summary>
    internal IEnumerable<BudgetConfig> BudgetsHere => Budgets.Where(budget => IsHere(budget.Match));

    /// <inheritdoc cref="BudgetsHere"/>
    /// <remarks>With those that policies set.</remarks>
    internal IReadOnlyList<LimitConfig> LimitsHere =>
    [
        .. Limits.Where(limit => IsHere(limit.Match)),
        .. Policies.Where(policy => IsHere(policy.Match?.Calls)).SelectMany(static policy => policy.Limits.Select(limit => limit with
        {
            Name = policy.Name,
            Policy = policy,
            AtLimit = policy.Shadow ? AtLimit.Shadow : AtLimit.Block,
        })),
    ];

    /// <inheritdoc cref="BudgetsHere"/>
    /// <remarks>Without those that set limits.</remarks>
    internal IEnumerable<PolicyConfig> PoliciesHere => Policies.Where(policy => policy.Effect != PolicyEffect.Limits && IsHere(policy.Match?.Calls));

    /// <summary>Null: spending speed is not watched.</summary>
    public VelocityConfig? Velocity { get; init; }

    public AlertConfig Alerts { get; init; } = new();
    public PricingConfig Pricing { get; init; } = new();
    public AbortConfig Abort { get; init; } = new();
    public TimeoutConfig Timeouts { get; init; } = new();
    public RequestConfig Requests { get; init; } = new();
    public LogConfig Log { get; init; } = new();

    private bool IsHere(CallMatch? match) =>
        match is null || match.Environments.Count == 0 || (Environment is { } here && match.Environments.Any(wanted => Wildcard.IsMatch(wanted, here)));
}
