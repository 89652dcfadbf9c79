using System.Net.Sockets;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>Runs a load: closed loop, open loop at a constant arrival rate, or a fixed number of requests a connection.</summary>
/// <remarks>
/// In the open loop a request's time runs from the moment it was due, also when no connection was free then: a target that stalls is charged
/// for everybody who would have arrived meanwhile (coordinated omission).
/// </remarks>
internal sealed class LoadGenerator(Load load)
{
    private const int StackBytes = 128 * 1024;
    private long _start;
    private long _measureFrom;
    private long _end;
    private long _nextDue;

    /// <summary>Runs it to its end and returns what all workers measured.</summary>
    /// <param name="onMeasuring">Called as the warm-up ends.</param>
    /// <param name="onMeasured">Called when the measured time is over, before late answers are waited for.</param>
    public Tally Run(Action onMeasuring, Action onMeasured)
    {
        var tallies = Enumerable.Range(0, load.Connections).Select(_ => new Tally()).ToArray();
        using var ready = new CountdownEvent(load.Connections);
        using var go = new ManualResetEventSlim(false, spinCount: 0);
        var threads = tallies.Select((tally, index) =>
        {
            var thread = new Thread(() => Work(index, tally, ready, go), StackBytes);
            thread.Start();
            return thread;
        }).ToArray();
        ready.Wait();
        GC.Collect();
        _start = Clock.Now + Clock.Milliseconds(5);
        _measureFrom = _start + Clock.Milliseconds(load.WarmUpSeconds * 1000);
        _end = _measureFrom + Clock.Milliseconds(load.Seconds * 1000);
        go.Set();
        Clock.WaitUntil(load.Times > 0 ? _start : _measureFrom);
        onMeasuring();
        if (load.Times == 0)
        {
            Clock.WaitUntil(_end);
            onMeasured();
        }
        Array.ForEach(threads, thread => thread.Join());
        if (load.Times > 0)
        {
            onMeasured();
        }
        var sum = new Tally();
        Array.ForEach(tallies, sum.Add);
        return sum;
    }

    private void Work(int index, Tally tally, CountdownEvent ready, ManualResetEventSlim go)
    {
        Clock.SharpenThisThread();
        var times = load.ExpectedEvents > 0 ? new EventTimes { LateAfter = load.LateAfter } : null;
        LabConnection? connection = null;
        try
        {
            connection = new LabConnection(load.To);
        }
        catch (SocketException fault)
        {
            Fail(tally, fault.Message);
        }
        ready.Signal();
        go.Wait();
        using (connection)
        {
            if (connection is null)
            {
                return;
            }
            try
            {
                Loop(index, connection, tally, times);
            }
            catch (Exception fault) when (fault is SocketException or InvalidDataException)
            {
                // The worker ends here: the cell has failed, and its figures with it.
                Fail(tally, fault.Message);
            }
        }
        if (times is not null)
        {
            tally.Gaps.Add(times.Gaps);
            tally.LateEvents = times.Late;
        }
    }

    private void Loop(int index, LabConnection connection, Tally tally, EventTimes? times)
    {
        if (load.Times > 0)
        {
            Clock.WaitUntil(_start + (_measureFrom - _start) * index / load.Connections);
            for (var i = 0; i < load.Times; i++)
            {
                Once(connection, tally, times, due: 0, measured: true);
            }
        }
        else if (load.Rate > 0)
        {
            while (_start + (Interlocked.Increment(ref _nextDue) - 1) * 1_000_000_000 / load.Rate is var due && due < _end)
            {
                Clock.WaitUntil(due);
                Once(connection, tally, times, due, measured: due >= _measureFrom);
            }
        }
        else
        {
            Clock.WaitUntil(_start);
            while (Clock.Now is var now && now < _end)
            {
                Once(connection, tally, times, due: 0, measured: now >= _measureFrom);
            }
        }
    }

    private void Once(LabConnection connection, Tally tally, EventTimes? times, long due, bool measured)
    {
        times?.Begin();
        var answer = connection.Exchange(load.Request, times);
        if (answer.Status != 200 || answer.Bytes != load.ExpectedBytes || (times is not null && answer.Events != load.ExpectedEvents))
        {
            Fail(tally, $"status {answer.Status}, {answer.Bytes} bytes instead of {load.ExpectedBytes}, {answer.Events} events instead of {load.ExpectedEvents}");
            return;
        }
        tally.Answered++;
        if (!measured)
        {
            return;
        }
        tally.Total.Record(answer.Ended - (due > 0 ? due : answer.Sent));
        tally.Service.Record(answer.Ended - answer.Sent);
        if (times is not null)
        {
            tally.FirstEvent.Record(times.First - answer.Sent);
        }
    }

    private static void Fail(Tally tally, string fault)
    {
        tally.Errors++;
        tally.Fault ??= fault;
    }
}
