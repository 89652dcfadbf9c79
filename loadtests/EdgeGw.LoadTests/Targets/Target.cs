using System.Net;
using System.Net.Sockets;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Targets;

/// <summary>Something that answers chat completions in front of the fake provider; the provider itself in the simplest case.</summary>
internal abstract class Target(string name, ProviderPort behind, ChildProcess? process) : IDisposable
{
    protected const string Model = "openai/lab-model";
    protected static readonly (string, string) ProviderKey = ("Authorization", "Bearer sk-lab");

    public string Name { get; } = name;

    /// <summary>The column of the summary that it stands in.</summary>
    public virtual string Column => Name;

    /// <summary>Whether what goes wrong in it is a fault of ours, and not a remark about somebody else's program.</summary>
    public virtual bool IsOurs => false;

    public ProviderPort Behind { get; } = behind;

    /// <summary>Null for the provider itself.</summary>
    public ChildProcess? Process { get; } = process;

    /// <summary>Answered requests, as the load generator counted them.</summary>
    public long Answered { get; set; }

    /// <summary>Streams that the load generator left before their end.</summary>
    public long Left { get; set; }

    /// <summary>Requests that failed; the books can then only be told apart, not compared.</summary>
    public long Failed { get; set; }

    /// <summary>Seconds of processor time so far; 0 for the provider itself.</summary>
    public double CpuSeconds => Process is null ? 0 : ProcessFigures.CpuSeconds(Process.Id);

    /// <summary>Bytes allocated on the managed heap so far; null where that is not known.</summary>
    public virtual long? AllocatedBytes => null;

    /// <returns>Null when the scenario cannot be had there.</returns>
    public abstract Door? DoorFor(Scenario scenario);

    /// <summary>Compares the clients' counts and, in a gateway, the books with the provider's truth, once nothing runs any more.</summary>
    /// <returns>What differs; null when nothing does.</returns>
    public virtual string? CheckBooks()
    {
        var truth = Settled();
        return truth.Requests + truth.Broken == Answered + Left && truth.Broken <= Left && truth.Refused == 0 && truth.Running == 0
            ? null
            : $"{Name}: the provider counted {truth}; the clients saw {Answered} answers, left {Left}, and had {Failed} failures";
    }

    public virtual void Dispose() => Process?.Dispose();

    /// <summary>The provider's counts when no answer runs; after ten seconds, as they are.</summary>
    protected Provider.ProviderTruth Settled()
    {
        var giveUp = Clock.Now + Clock.Milliseconds(10_000);
        while (true)
        {
            var truth = Behind.Truth();
            if (truth.Running == 0 || Clock.Now > giveUp)
            {
                return truth;
            }
            Clock.WaitUntil(Clock.Now + Clock.Milliseconds(50));
        }
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
