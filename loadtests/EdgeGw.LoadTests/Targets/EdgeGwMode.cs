namespace EdgeGw.LoadTests.Targets;

/// <summary>In which configuration the gateway is measured.</summary>
internal enum EdgeGwMode
{
    /// <summary>The default durability: what providers that think are measured with.</summary>
    Overlapped,

    /// <summary>No wait for the disk: what instant providers are measured with, where every wait shows.</summary>
    Relaxed,

    /// <summary>The hold is on disk before the provider is called.</summary>
    Strict,

    /// <summary>Everything off that can be: anonymous, no budgets, limits, prices or records.</summary>
    Bare,

    /// <summary>As relaxed, with TLS and HTTP/2 for callers.</summary>
    Secured,
}
