using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

public sealed class ConfigFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-config-").FullName;

    [Fact]
    public void Missing_tls_files_are_faults_with_their_lines()
    {
        var faults = LoadedConfig.Complete(ConfigFixture.Load("{\"listen\": {\"tls\": {\n\"certificate\": \"no.pem\",\n\"key\": \"no.key\"}}}")).Faults;

        Assert.Equal([(2, "listen.tls.certificate"), (3, "listen.tls.key")], faults.Select(f => (f.Line, f.Path)));
    }

    [Fact]
    public void Certificate_with_its_own_key_is_good_and_with_another_is_not()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        using var certificate = new CertificateRequest("CN=localhost", own, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddYears(50));
        File.WriteAllText(Path.Combine(_folder, "c.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "own.key"), own.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "other.key"), other.ExportPkcs8PrivateKeyPem());

        Assert.Empty(Check("own.key"));
        Assert.Equal("listen.tls", Assert.Single(Check("other.key")).Path);
        Assert.Equal("listen.tls", Assert.Single(Check("c.pem")).Path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IReadOnlyList<ConfigFault> Check(string key)
    {
        var json = System.Text.Encoding.UTF8.GetBytes($$"""{ "listen": { "tls": { "certificate": "c.pem", "key": "{{key}}" } } }""");
        return LoadedConfig.Complete(ConfigLoader.Load(json, Path.Combine(_folder, "e.json"), new FakeEnvironment(), ConfigFixture.Providers)).Faults;
    }
}
