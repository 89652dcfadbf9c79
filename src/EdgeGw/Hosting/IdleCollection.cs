using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Hosting;

/// <summary>Gives memory back to the system once no request runs and nothing new is allocated.</summary>
/// <remarks>
/// The collector runs only when it is allocated for. Without this, a node keeps the garbage of its start until the first busy hour, and that of a
/// busy hour for as long as nobody calls. One collection for each time that the node falls idle. A call that comes just then waits for it, so a large heap is left alone.
/// </remarks>
internal sealed class IdleCollection : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Less in a period is idling: a scrape of the metrics, a health check, a checkpoint that finds nothing to do.</summary>
    private const long IdleBytes = 1 << 20;

    /// <summary>Less than this is not worth a collection.</summary>
    private const long WorthBytes = 4 << 20;

    /// <summary>Collecting more than this could take longer than a caller may be kept waiting.</summary>
    private const long MostHeapBytes = 256 << 20;

    private readonly Gauge _active;
    private readonly Func<long> _allocated;
    private readonly Func<long> _heap;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private long _lastSeen;
    private long _collected;

    /// <param name="active">Requests that run.</param>
    /// <param name="allocated">Bytes allocated since the process began, which never falls.</param>
    /// <param name="heap">Bytes on the heap now, garbage included.</param>
    /// <param name="collect">Collects everything and returns what is free.</param>
    public IdleCollection(Gauge active, Func<long> allocated, Func<long> heap, Action collect, TimeProvider time)
    {
        (_active, _allocated, _heap, _collect) = (active, allocated, heap, collect);
        _timer = time.CreateTimer(static self => ((IdleCollection)self!).Look(), this, Period, Period);
    }

    /// <param name="trim">Leaves to the collector what is kept only for the next busy hour.</param>
    public static IdleCollection OfProcess(Gauge active, Action trim, TimeProvider time) => new(
        active,
        static () => GC.GetTotalAllocatedBytes(),
        static () => GC.GetTotalMemory(forceFullCollection: false),
        () =>
        {
            trim();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        },
        time);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = _allocated();
        var idle = _active.Value == 0 && allocated - _lastSeen < IdleBytes;
        _lastSeen = allocated;
        if (idle && allocated - _collected >= WorthBytes && _heap() <= MostHeapBytes)
        {
            _collected = allocated;
            _collect();
        }
    }
}
