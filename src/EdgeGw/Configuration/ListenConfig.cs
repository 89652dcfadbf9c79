using System.Net;

namespace EdgeGw.Configuration;

/// <summary>Where the gateway listens. Both default to loopback, so that a first start exposes nothing.</summary>
public sealed record ListenConfig
{
    public IPEndPoint Data { get; init; } = new(IPAddress.Loopback, 8080);
    public IPEndPoint Admin { get; init; } = new(IPAddress.Loopback, 9090);

    /// <summary>PEM certificate and key of the data listener; null: plain text.</summary>
    public TlsConfig? Tls { get; init; }
}

/// <summary>Paths of a PEM certificate chain and its private key.</summary>
public sealed record TlsConfig(string Certificate, string Key);
