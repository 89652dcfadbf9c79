using EdgeGw.Metering;
using EdgeGw.Upstream;

namespace EdgeGw.Routing;

/// <summary>Where one attempt goes.</summary>
/// <param name="Model">As the provider names it; empty where the request names none (opaque routes).</param>
/// <param name="Path">Path and query on the wire.</param>
/// <param name="ModelRewritten">The body's model field differs from <paramref name="Model"/> and must be replaced in it.</param>
public readonly record struct Target(Provider Provider, string Model, string Path, Dialect Dialect, bool ModelRewritten)
{
    /// <summary>A request there, still without headers and body.</summary>
    /// <param name="spare">See <see cref="UpstreamRequest(UpstreamRequest?)"/>.</param>
    public UpstreamRequest NewRequest(string method, UpstreamRequest? spare = null) => new(spare)
    {
        Origin = Provider.Origin,
        Method = method,
        Target = Path,
        Http2 = Provider.Http2,
        PublicAddressOnly = Provider.PublicAddressOnly,
    };
}
