using EdgeGw.Hosting;
using EdgeGw.Telemetry.Metrics;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Hosting;

public sealed class IdleCollectionTests : IDisposable
{
    private const long Much = 64 << 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly Gauge _active = new([]);
    private readonly IdleCollection _collection;
    private long _allocated = Much;
    private long _heap = Much;
    private int _collections;

    public IdleCollectionTests() => _collection = new IdleCollection(_active, () => _allocated, () => _heap, () => _collections++, _time);

    public void Dispose() => _collection.Dispose();

    [Fact]
    public void Garbage_of_the_start_is_collected_once_nothing_more_is_allocated()
    {
        _time.Advance(Period);
        Assert.Equal(0, _collections);

        _time.Advance(Period);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Node_that_stays_idle_is_not_collected_again()
    {
        for (var i = 0; i < 100; i++)
        {
            _allocated += 10_000;
            _time.Advance(Period);
        }

        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Node_that_was_busy_since_is_collected_again()
    {
        _time.Advance(2 * Period);
        _allocated += Much;
        _time.Advance(Period);
        Assert.Equal(1, _collections);

        _time.Advance(Period);
        Assert.Equal(2, _collections);
    }

    [Fact]
    public void Large_heap_is_not_collected()
    {
        _heap = 5 * Much;
        _time.Advance(10 * Period);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Node_with_a_running_request_is_not_collected()
    {
        _active.Increment();
        _time.Advance(10 * Period);
        Assert.Equal(0, _collections);

        _active.Decrement();
        _time.Advance(Period);
        Assert.Equal(1, _collections);
    }
}
