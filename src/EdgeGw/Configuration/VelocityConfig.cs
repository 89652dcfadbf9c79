using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>The guard against runaway spending: each scope's rate of the last minutes against what is usual for it.</summary>
public sealed record VelocityConfig
{
    /// <summary>Dimensions that split the guard into scopes, as those of budgets do; empty: one scope for all calls.</summary>
    public IReadOnlyList<CallDimension> Per { get; init; } = [];

    /// <summary>How many times its baseline a scope's rate may be; at least 1.</summary>
    public decimal Factor { get; init; } = 10;

    /// <summary>Dollars an hour that are always in order, whatever the baseline.</summary>
    public required NanoUsd MinimumPerHour { get; init; }

    public VelocityAction Action { get; init; }

    /// <summary>How many hours with spending the baseline remembers.</summary>
    public TimeSpan Learn { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>What happens to a scope that spends too fast, beside the event.</summary>
public enum VelocityAction : byte
{
    Alert,
    /// <summary>Its new calls are refused until the rate has fallen.</summary>
    Throttle,
}
