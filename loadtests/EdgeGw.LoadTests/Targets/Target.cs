using System.Net;
using System.Net.Sockets;
using EdgeGw.LoadTests.Client;

namespace EdgeGw.LoadTests.Targets;

/// <summary>Something that answers chat completions in front of one port of the fake provider; the port itself in the simplest case.</summary>
internal class Target(string name, IPEndPoint address, ProviderPort behind, ChildProcess? process) : IDisposable
{
    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    public ProviderPort Behind { get; } = behind;

    /// <summary>What stands in <c>Authorization</c>.</summary>
    public virtual string Bearer => "sk-lab";

    /// <summary>Null for the provider itself.</summary>
    public ChildProcess? Process { get; } = process;

    /// <summary>Answered requests, as the load generator counted them.</summary>
    public long Answered { get; set; }

    /// <summary>Seconds of processor time so far; 0 for the provider itself.</summary>
    public double CpuSeconds => Process is null ? 0 : ProcessFigures.CpuSeconds(Process.Id);

    /// <summary>Bytes allocated on the managed heap so far; null where that is not known.</summary>
    public virtual long? AllocatedBytes => null;

    /// <summary>Compares the books with the provider's truth.</summary>
    /// <returns>What differs; null when nothing does.</returns>
    public virtual string? CheckBooks()
    {
        var truth = Behind.Counts();
        return truth.Requests == Answered && truth.Broken == 0
            ? null
            : $"{Name}: the provider answered {truth.Requests} requests and broke off {truth.Broken}, the clients saw {Answered}";
    }

    public virtual void Dispose() => Process?.Dispose();

    /// <summary>A port that was free a moment ago.</summary>
    public static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>One GET on a connection of its own; null when nobody answers with 200.</summary>
    protected static string? TryGet(IPEndPoint address, string path, string? bearer = null)
    {
        try
        {
            using var connection = new LabConnection(address);
            var authorization = bearer is null ? "" : $"Authorization: Bearer {bearer}\r\n";
            var answer = connection.Exchange(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address}\r\n{authorization}\r\n"), null, keepText: true);
            return answer.Status == 200 ? connection.LastText : null;
        }
        catch (Exception fault) when (fault is SocketException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Waits until something answers there.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or 30 seconds have passed.</exception>
    protected static void WaitUntil(Func<bool> ready, ChildProcess process, string what)
    {
        var giveUp = Measuring.Clock.Now + Measuring.Clock.Milliseconds(30_000);
        while (!ready())
        {
            if (process.HasExited || Measuring.Clock.Now > giveUp)
            {
                throw new InvalidOperationException($"{what} did not become ready; see its log");
            }
            Measuring.Clock.WaitUntil(Measuring.Clock.Now + Measuring.Clock.Milliseconds(0.5));
        }
    }
}
