using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using static EdgeGw.Tests.Upstream.TransportTesting;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1TlsTests : IDisposable
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private readonly X509Certificate2 _authority = TestCertificates.Authority();
    private readonly string _roots = Path.Combine(Path.GetTempPath(), $"edgegw-roots-{Guid.NewGuid():N}.pem");

    public Http1TlsTests() => File.WriteAllText(_roots, _authority.ExportCertificatePem());

    public void Dispose()
    {
        File.Delete(_roots);
        _authority.Dispose();
    }

    private UpstreamOptions Trusting => Options(new ManualTime()) with { ExtraRootsFile = _roots };

    [Fact]
    public async Task A_private_authority_is_trusted_when_configured_and_the_connection_is_kept()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback);
        await using var server = Answering(certificate);
        await using var transport = new Http1Transport(Trusting);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("hello", UpstreamError.None), await transport.RoundTripAsync(Post(server.Origin, new string('x', i * 100_000))));
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task An_unknown_authority_is_a_connect_error_with_nothing_sent()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback);
        await using var server = Answering(certificate);
        await using var transport = new Http1Transport(Options());

        var result = await transport.SendAsync(Post(server.Origin, "{}"), default).AsTask().WaitAsync(Patience);

        Assert.Equal((UpstreamError.Connect, false), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_also_under_a_trusted_authority()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Parse("127.0.0.9"));
        await using var server = Answering(certificate);
        await using var transport = new Http1Transport(Trusting);

        Assert.Equal(UpstreamError.Connect, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_also_under_a_trusted_authority()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback, expired: true);
        await using var server = Answering(certificate);
        await using var transport = new Http1Transport(Trusting);

        Assert.Equal(UpstreamError.Connect, (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Error);
    }

    [Fact]
    public async Task A_plain_text_server_is_a_connect_error_with_nothing_sent()
    {
        await using var server = new ScriptedServer(static async (peer, _) => await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        await using var transport = new Http1Transport(Trusting);

        var result = await transport.SendAsync(Post(new Uri($"https://127.0.0.1:{server.Port}"), "{}"), default).AsTask().WaitAsync(Patience);

        Assert.Equal((UpstreamError.Connect, false), (result.Error, result.RequestSent));
    }

    [Fact]
    public async Task A_TLS_connection_closed_while_idle_is_noticed_before_anything_is_sent()
    {
        var close = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback);
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            if (number == 0)
            {
                await close.Task;
                peer.Reset();
                closed.SetResult();
                return;
            }
            await peer.WaitForEndAsync();
        }, certificate);
        await using var transport = new Http1Transport(Trusting);

        await transport.RoundTripAsync(Post(server.Origin, "{}"));
        close.SetResult();
        await closed.Task;
        var result = await transport.RoundTripAsync(Post(server.Origin, "{}"));

        Assert.Equal(("hello", UpstreamError.None), result);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Bytes_that_come_between_two_requests_over_TLS_are_not_the_next_answer()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback);
        var late = new TaskCompletionSource();
        var sent = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, number) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(Hello);
            if (number == 0)
            {
                await late.Task;
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                sent.SetResult();
            }
            await peer.WaitForEndAsync();
        }, certificate);
        await using var transport = new Http1Transport(Trusting);

        await transport.RoundTripAsync(Post(server.Origin, "{}"));
        late.SetResult();
        await sent.Task;

        Assert.Equal("hello", (await transport.RoundTripAsync(Post(server.Origin, "{}"))).Body);
    }

    [Fact]
    public async Task An_abort_over_TLS_ends_the_read_and_the_provider_sees_it()
    {
        using var certificate = TestCertificates.Issue(_authority, IPAddress.Loopback);
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
            await peer.WaitForEndAsync();
            ended.SetResult();
        }, certificate);
        await using var transport = new Http1Transport(Trusting);
        await using var response = await transport.AnswerAsync(Post(server.Origin, "{}"));
        await response.ReadAsync(default);
        var reading = response.ReadAsync(default).AsTask();

        response.Abort();

        Assert.Equal(UpstreamError.Cancelled, (await reading.WaitAsync(Patience)).Error);
        await ended.Task.WaitAsync(Patience);
    }

    private static ScriptedServer Answering(X509Certificate2 certificate) => new(static async (peer, _) =>
    {
        while (await peer.ReadRequestAsync() is not null)
        {
            await peer.SendAsync(Hello);
        }
    }, certificate);
}

/// <summary>Certificates made for one test run.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edgegw test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    public static X509Certificate2 Issue(X509Certificate2 authority, IPAddress address, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edgegw test server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var until = expired ? DateTimeOffset.UtcNow.AddDays(-1) : DateTimeOffset.UtcNow.AddDays(5);
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-5), until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
