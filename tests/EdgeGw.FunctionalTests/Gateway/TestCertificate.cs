using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>A self-signed certificate for 127.0.0.1, as PEM files and as an object.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        CertificateFile = _folder.File("certificate.pem");
        KeyFile = _folder.File("key.pem");
        File.WriteAllText(CertificateFile, made.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        // Through PKCS#12, because a server cannot use a key that lives in the object only.
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public X509Certificate2 Certificate { get; }

    public void Dispose()
    {
        Certificate.Dispose();
        _folder.Dispose();
    }
}
