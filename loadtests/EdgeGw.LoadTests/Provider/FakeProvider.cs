using System.Net;
using System.Net.Sockets;

namespace EdgeGw.LoadTests.Provider;

/// <summary>A provider that costs next to nothing: one thread per connection, blocking sockets, answers made beforehand.</summary>
/// <remarks>
/// One port per target under test, so that each target's calls are counted apart. Runs until its standard input ends, which is when the lab
/// that started it ends, however that happens.
/// </remarks>
internal static class FakeProvider
{
    private const int StackBytes = 128 * 1024;

    /// <param name="ports">How many ports to listen on; their numbers are printed on one line.</param>
    public static int Run(int ports)
    {
        var listeners = new List<Socket>();
        for (var i = 0; i < ports; i++)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1024);
            listeners.Add(listener);
            Start(() => Accept(listener, new ProviderCounts()));
        }
        Console.WriteLine(string.Join(' ', listeners.Select(each => ((IPEndPoint)each.LocalEndPoint!).Port)));
        while (Console.In.Read() >= 0)
        {
            // Nothing is said on it; only its end matters.
        }
        return 0;
    }

    private static void Accept(Socket listener, ProviderCounts counts)
    {
        while (true)
        {
            var socket = listener.Accept();
            socket.NoDelay = true;
            Start(() => new ProviderConnection(socket, counts).Run());
        }
    }

    private static void Start(Action action) => new Thread(() => action(), StackBytes) { IsBackground = true }.Start();
}
