using EdgeGw.Configuration;

namespace EdgeGw.Upstream;

/// <summary>How connections to providers are made, kept and given up.</summary>
public sealed record UpstreamOptions
{
    public TimeoutConfig Timeouts { get; init; } = new();

    /// <summary>PEM file of root certificates trusted beside the system's own (a private CA); null: none.</summary>
    public string? ExtraRootsFile { get; init; }

    /// <summary>Unused connections kept per origin; the one used longest ago is closed beyond that.</summary>
    public int MaxIdlePerOrigin { get; init; } = 256;

    /// <summary>How long an unused connection is kept. Below the 60 s after which common load balancers hang up.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How old a connection may get before it is not used again: names are resolved on connect only, so this bounds how long a DNS change goes unseen.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Honour <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c> and <c>NO_PROXY</c>. Loopback origins are always reached directly.</summary>
    public bool UseEnvironmentProxy { get; init; } = true;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
