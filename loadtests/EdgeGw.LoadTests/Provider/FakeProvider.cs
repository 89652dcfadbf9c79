using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.LoadTests.Net;

namespace EdgeGw.LoadTests.Provider;

/// <summary>A provider that costs next to nothing: answers made beforehand, reactors for plain connections, a thread each for those with TLS.</summary>
/// <remarks>
/// A pair of ports per target under test, so that each target's calls are counted apart. Runs until its standard input ends, which is when the
/// lab that started it ends, however that happens.
/// </remarks>
internal static class FakeProvider
{
    private const int StackBytes = 256 * 1024;

    /// <param name="targets">How many pairs of ports to listen on; their numbers, plain:TLS, are printed on one line.</param>
    /// <param name="certificate">PEM file of the chain.</param>
    /// <param name="key">PEM file.</param>
    public static int Run(int targets, string certificate, string key)
    {
        // Through PKCS #12, so that the key is where SslStream looks for it on every platform.
        using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
        var server = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var tls = new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(server, null, offline: true) };
        var reactors = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => new Reactor()).ToArray();
        Array.ForEach(reactors, reactor => Start(() => reactor.Run(static () => false)));
        var ports = new List<string>();
        var turn = 0;
        for (var i = 0; i < targets; i++)
        {
            var counts = new ProviderCounts();
            var plain = Listen(socket => new PlainConnection(reactors[Interlocked.Increment(ref turn) % reactors.Length], socket, counts).Register());
            var secured = Listen(socket => Start(() => new TlsConnection(socket, tls, counts).Run()));
            ports.Add($"{plain}:{secured}");
        }
        Console.WriteLine(string.Join(' ', ports));
        while (Console.In.Read() >= 0)
        {
            // Nothing is said on it; only its end matters.
        }
        return 0;
    }

    private static int Listen(Action<Socket> accepted)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        Start(() =>
        {
            while (true)
            {
                var socket = listener.Accept();
                socket.NoDelay = true;
                accepted(socket);
            }
        });
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private static void Start(Action action) => new Thread(() => action(), StackBytes) { IsBackground = true }.Start();
}
