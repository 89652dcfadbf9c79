using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGw.LoadTests.Net;

/// <summary>The lab's own authority and the one server certificate under it, for 127.0.0.1 and localhost; made anew for each run, good for a day.</summary>
internal sealed class LabCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private LabCertificates(string folder)
    {
        Authority = Path.Combine(folder, "ca.pem");
        Chain = Path.Combine(folder, "server.crt");
        Key = Path.Combine(folder, "server.key");
        Both = Path.Combine(folder, "server.pem");
    }

    /// <summary>PEM file of the authority: what every client and proxy verifies against.</summary>
    public string Authority { get; }

    public string Chain { get; }

    public string Key { get; }

    /// <summary>Certificate and key in one file, as haproxy wants it.</summary>
    public string Both { get; }

    public static LabCertificates Make(string folder)
    {
        var files = new LabCertificates(folder);
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=EdgeGw load lab", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        rootRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(rootRequest.PublicKey, false));
        using var root = rootRequest.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using var server = request.Create(root, from, to, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(files.Authority, root.ExportCertificatePem());
        File.WriteAllText(files.Chain, server.ExportCertificatePem() + "\n");
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(files.Both, File.ReadAllText(files.Chain) + File.ReadAllText(files.Key));
        return files;
    }
}
