using System.Net.Sockets;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Net;

namespace EdgeGw.LoadTests.Client;

/// <summary>Many streams at once on one thread: each connection makes one request, starting spread over the warm-up.</summary>
internal sealed class StreamSwarm(Load load) : ILoadRunner
{
    /// <summary>Beyond what the streams take by their pace; who has not ended then has failed.</summary>
    private static readonly long Patience = Clock.Milliseconds(15_000);

    public Tally Run(Action onMeasuring, Action onMeasured)
    {
        using var reactor = new Reactor();
        var tally = new Tally();
        tally.Reserve();
        var streams = new List<StreamClient>(load.Connections);
        try
        {
            for (var i = 0; i < load.Connections; i++)
            {
                streams.Add(StreamClient.Connect(load, reactor, tally));
            }
        }
        catch (SocketException fault)
        {
            tally.Fail($"only {streams.Count} connections: {fault.Message}");
        }
        GC.Collect();
        var start = Clock.Now + Clock.Milliseconds(5);
        var spread = Clock.Milliseconds(load.WarmUpSeconds * 1000);
        for (var i = 0; i < streams.Count; i++)
        {
            streams[i].Register();
            reactor.At(start + spread * i / streams.Count, streams[i]);
        }
        onMeasuring();
        var giveUp = start + spread + Clock.Milliseconds(load.Seconds * 1000) + Patience;
        reactor.Run(() => tally.Ended == streams.Count || Clock.Now > giveUp);
        onMeasured();
        foreach (var stream in streams.Where(stream => !stream.IsClosed))
        {
            stream.Close();
            tally.Fail("a stream had not ended in time");
        }
        tally.Lateness.Add(reactor.Lateness);
        return tally;
    }
}
