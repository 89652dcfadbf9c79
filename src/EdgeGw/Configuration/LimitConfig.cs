namespace EdgeGw.Configuration;

/// <summary>How much of one thing callers may have in a time, shared by all or split by dimensions. Counted in memory: a restart starts anew.</summary>
public sealed record LimitConfig
{
    public required string Name { get; init; }

    /// <summary>Null: every call.</summary>
    public CallMatch? Match { get; init; }

    /// <summary>The policy that sets it, which has its name and says which calls it is for; null: it stands for itself.</summary>
    public PolicyConfig? Policy { get; init; }

    /// <summary>Dimensions that split the limit into scopes, one for each combination of values; empty: one scope shared by all.</summary>
    public IReadOnlyList<CallDimension> Per { get; init; } = [];

    public required LimitKind Kind { get; init; }

    /// <summary>Requests or tokens in <see cref="Window"/>, or calls at the same time; at least 1.</summary>
    public required long Amount { get; init; }

    /// <summary>At least a second; zero where calls at the same time are counted.</summary>
    public TimeSpan Window { get; init; }

    public LimitAlgorithm Algorithm { get; init; }

    /// <summary>How much may come at once where the algorithm is <see cref="LimitAlgorithm.Gcra"/>, from 1 to <see cref="Amount"/>; null: all of it.</summary>
    public long? Burst { get; init; }

    /// <summary><see cref="AtLimit.Block"/> or <see cref="AtLimit.Shadow"/>.</summary>
    public AtLimit AtLimit { get; init; }
}

/// <summary>What a limit counts.</summary>
public enum LimitKind : byte
{
    Requests,
    /// <summary>Input and output: what a call is expected to use is reserved, and corrected when its answer has ended.</summary>
    Tokens,
    /// <summary>Calls that run at the same time, streamed or not.</summary>
    Concurrent,
}

/// <summary>When what was taken comes back.</summary>
public enum LimitAlgorithm : byte
{
    /// <summary>Evenly, the window's amount in each window's time. In no window passes more than the amount and one burst.</summary>
    Gcra,
    /// <summary>All at once, where a window of the clock ends (minutes at the full minute, UTC). Around that moment twice the amount may pass.</summary>
    Fixed,
    /// <summary>Each piece one window after it was taken, to a sixtieth of the window. In no window passes more than the amount.</summary>
    Sliding,
}
