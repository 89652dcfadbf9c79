namespace EdgeGw.Requests;

/// <summary>How a request ended. Every request ends in exactly one.</summary>
public enum Outcome : byte
{
    /// <summary>The answer reached the caller whole, whatever its status.</summary>
    Completed,
    /// <summary>The caller left before the end.</summary>
    ClientAborted,
    /// <summary>The provider could not be reached, timed out, or broke off.</summary>
    UpstreamFailed,
    /// <summary>The gateway said no: identity, policy, budget, or a request it cannot read.</summary>
    Refused,
    /// <summary>A fault of our own.</summary>
    Failed,
    /// <summary>The gateway stopped the stream: a hard budget had nothing left for it.</summary>
    BudgetStopped,
}
