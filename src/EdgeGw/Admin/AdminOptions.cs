namespace EdgeGw.Admin;

/// <summary>How the admin plane protects itself beyond the token.</summary>
public sealed record AdminOptions
{
    /// <summary><c>/metrics</c> asks for the token too. Off by default: scrapers rarely have one, and the listener is on loopback.</summary>
    public bool ProtectMetrics { get; init; }

    /// <summary>Values of <c>Host</c> without port that are answered, against DNS rebinding; empty: any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
