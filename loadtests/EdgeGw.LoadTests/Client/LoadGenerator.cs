using System.Net.Sockets;
using System.Security.Authentication;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>Runs a load on a thread for each connection: closed loop, or open loop at a constant arrival rate.</summary>
/// <remarks>
/// In the open loop a request's time runs from the moment it was due, also when no connection was free then: a target that stalls is charged
/// for everybody who would have arrived meanwhile (coordinated omission). A target that cannot keep the rate at all is given up on a second
/// after the cell's end; what was due and never sent counts with the time it has waited until then.
/// </remarks>
internal sealed class LoadGenerator(Load load) : ILoadRunner
{
    private const int StackBytes = 256 * 1024;
    private static readonly long GraceNanoseconds = Clock.Milliseconds(1000);
    private long _start;
    private long _measureFrom;
    private long _end;
    private long _nextDue;

    public Tally Run(Action onMeasuring, Action onMeasured)
    {
        var tallies = Enumerable.Range(0, load.Connections).Select(_ => new Tally()).ToArray();
        using var ready = new CountdownEvent(load.Connections);
        using var go = new ManualResetEventSlim(false, spinCount: 0);
        var threads = tallies.Select(tally =>
        {
            var thread = new Thread(() => Work(tally, ready, go), StackBytes);
            thread.Start();
            return thread;
        }).ToArray();
        ready.Wait();
        GC.Collect();
        _start = Clock.Now + Clock.Milliseconds(5);
        _measureFrom = _start + Clock.Milliseconds(load.WarmUpSeconds * 1000);
        _end = _measureFrom + Clock.Milliseconds(load.Seconds * 1000);
        go.Set();
        Clock.WaitUntil(_measureFrom);
        onMeasuring();
        Clock.WaitUntil(_end);
        onMeasured();
        Array.ForEach(threads, thread => thread.Join());
        var sum = new Tally();
        Array.ForEach(tallies, sum.Add);
        return sum;
    }

    private void Work(Tally tally, CountdownEvent ready, ManualResetEventSlim go)
    {
        Clock.SharpenThisThread();
        var times = load.ExpectedEvents > 0 ? new EventTimes(tally.Gaps) { LateAfter = load.LateAfter } : null;
        IClientConnection? connection = null;
        try
        {
            connection = load.Connect();
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException)
        {
            tally.Fail(fault.Message);
        }
        ready.Signal();
        go.Wait();
        using (connection)
        {
            try
            {
                if (connection is not null)
                {
                    Loop(connection, tally, times);
                }
            }
            catch (Exception fault) when (fault is SocketException or IOException or InvalidDataException)
            {
                // The worker ends here: the cell has failed, and its figures with it.
                tally.Fail(fault.Message);
            }
        }
        tally.LateEvents = times?.Late ?? 0;
    }

    private void Loop(IClientConnection connection, Tally tally, EventTimes? times)
    {
        var request = load.Request.Copy();
        if (load.Rate == 0)
        {
            Clock.WaitUntil(_start);
            while (Clock.Now is var now && now < _end)
            {
                Once(connection, request, tally, times, due: 0, measured: now >= _measureFrom);
            }
            return;
        }
        while (_start + (Interlocked.Increment(ref _nextDue) - 1) * 1_000_000_000 / load.Rate is var due && due < _end)
        {
            Clock.WaitUntil(due);
            if (Clock.Now is var now && now > _end + GraceNanoseconds)
            {
                tally.Unsent++;
                tally.Total.Record(now - due);
            }
            else
            {
                Once(connection, request, tally, times, due, measured: due >= _measureFrom);
            }
        }
    }

    private void Once(IClientConnection connection, LabRequest request, Tally tally, EventTimes? times, long due, bool measured)
    {
        times?.Begin();
        if (load.Callers > 0)
        {
            request.SetCaller(Random.Shared.Next(load.Callers));
        }
        var answer = connection.Exchange(request, times);
        if (load.Judge(answer) is { } fault)
        {
            tally.Fail(fault);
            return;
        }
        tally.Answered++;
        if (!measured)
        {
            return;
        }
        tally.Total.Record(answer.Ended - (due > 0 ? due : answer.Sent));
        tally.Service.Record(answer.Ended - answer.Sent);
        if (due > 0)
        {
            tally.Lateness.Record(answer.Sent - due);
        }
        if (times is not null)
        {
            tally.FirstEvent.Record(times.First - answer.Sent);
        }
    }
}
