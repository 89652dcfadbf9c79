using System.Security.Cryptography.X509Certificates;
using EdgeGw.Configuration;

namespace EdgeGw.Hosting;

/// <summary>The listener's certificate from PEM files.</summary>
internal static class ServerCertificate
{
    public static X509Certificate2 Load(TlsConfig tls) => X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
}
