using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Configuration;

namespace EdgeGw.Hosting;

/// <summary>The data listener's certificate, from PEM files. A renewed one serves new connections; those that are open keep theirs.</summary>
internal sealed class ServerCertificate(TlsConfig tls)
{
    private volatile SslServerAuthenticationOptions _options = Load(tls);

    /// <summary>What handshakes are made with from now on.</summary>
    public SslServerAuthenticationOptions Current
    {
        get => _options;
        set => _options = value;
    }

    /// <exception cref="CryptographicException">A file holds no certificate or key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SslServerAuthenticationOptions Load(TlsConfig tls)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(tls.Certificate);
        return new SslServerAuthenticationOptions
        {
            // Offline: a start must not wait for somebody's server to complete a chain that the file should hold.
            ServerCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key), chain, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }
}
