namespace EdgeGw.Configuration;

/// <summary>What happens to a call for which a budget or a limit has no room.</summary>
public enum AtLimit : byte
{
    /// <summary>It is refused with 429.</summary>
    Block,
    /// <summary>It is let through and told so, and spends beyond the amount.</summary>
    Warn,
    /// <summary>It is let through and told nothing; only the operator sees what would have been refused.</summary>
    Shadow,
    /// <summary>It goes to a cheaper model and is let through there, beyond the amount.</summary>
    Downgrade,
}
