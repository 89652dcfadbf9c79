namespace EdgeGw.Upstream;

/// <summary>What connections are kept by.</summary>
/// <param name="Authority">Scheme, host and port.</param>
/// <param name="PublicAddressOnly">As <see cref="UpstreamRequest.PublicAddressOnly"/>.</param>
public readonly record struct UpstreamOrigin(string Authority, bool PublicAddressOnly)
{
    public static UpstreamOrigin Of(Uri origin, bool publicAddressOnly) => new(origin.GetLeftPart(UriPartial.Authority), publicAddressOnly);
}
