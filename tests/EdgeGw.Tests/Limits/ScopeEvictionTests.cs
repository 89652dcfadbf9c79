using EdgeGw.Configuration;
using EdgeGw.Limits;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Limits;

/// <summary>A table that is full forgets what nobody misses, and never lets a flood of names wash a refusal away (LiteLLM#40221).</summary>
public sealed class ScopeEvictionTests
{
    private const int MaxScopes = 32;

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(LimitAlgorithm.Gcra)]
    [InlineData(LimitAlgorithm.Fixed)]
    [InlineData(LimitAlgorithm.Sliding)]
    public void Caller_that_is_refused_stays_refused_however_many_others_come(LimitAlgorithm algorithm)
    {
        var table = Table(LimitTesting.Limit(LimitKind.Requests, 2, algorithm));
        Assert.NotNull(table.Take("used-up"));
        Assert.NotNull(table.Take("used-up"));
        for (var i = 0; i < 1000; i++)
        {
            Assert.NotNull(table.Take($"other-{i}") is { } lease ? Ended(table, lease) : null);
            Assert.InRange(table.Count().Scopes, 1, MaxScopes);
        }
        Assert.Null(table.Take("used-up"));
    }

    [Fact]
    public void Running_calls_stay_counted_however_many_others_come()
    {
        var table = Table(LimitTesting.Limit(LimitKind.Concurrent, 1));
        var running = table.Take("busy")!;
        for (var i = 0; i < 1000; i++)
        {
            Ended(table, table.Take($"other-{i}")!);
        }
        Assert.Null(table.Take("busy"));
        Ended(table, running);
        Assert.NotNull(table.Take("busy"));
    }

    [Fact]
    public void Idle_scopes_go_before_one_that_has_something_taken()
    {
        var table = Table(LimitTesting.Limit(LimitKind.Requests, 3));
        for (var i = 0; i < MaxScopes - 1; i++)
        {
            Ended(table, table.Take($"old-{i}")!);
        }
        _time.Advance(LimitTesting.Window);
        // Older than nothing, but the only one that a new scope would not equal.
        Ended(table, table.Take("half")!);
        Ended(table, table.Take("new")!);
        Assert.Equal(2, table.Count().Scopes);
        Assert.Equal(1, table.Take("half")!.Tightest(LimitKind.Requests).Remaining);
    }

    [Fact]
    public void Table_full_of_refusals_forgets_the_oldest_one_and_stays_bounded()
    {
        var table = Table(LimitTesting.Limit(LimitKind.Requests, 1));
        for (var i = 0; i <= MaxScopes; i++)
        {
            Ended(table, table.Take($"key-{i}")!);
        }
        Assert.Equal(MaxScopes, table.Count().Scopes);
        Assert.Null(table.Take("key-1"));
        Assert.NotNull(table.Take("key-0"));
    }

    private static LimitLease Ended(LimitTable table, LimitLease lease)
    {
        table.End(lease, 1, null);
        return lease;
    }

    private LimitTable Table(LimitConfig limit) => new([limit with { Per = [CallDimension.Key] }], _time, MaxScopes);
}
