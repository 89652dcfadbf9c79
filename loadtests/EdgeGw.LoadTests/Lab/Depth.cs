namespace EdgeGw.LoadTests.Lab;

/// <summary>How much of the lab runs. Each holds the scenarios of those before it, unless a scenario says that it is a shorter stand-in.</summary>
internal enum Depth
{
    /// <summary>A minute, against nginx alone.</summary>
    Ci,

    /// <summary>A minute, all targets.</summary>
    Quick,

    /// <summary>At most ten minutes.</summary>
    Main,

    /// <summary>As long as it takes.</summary>
    All,
}
