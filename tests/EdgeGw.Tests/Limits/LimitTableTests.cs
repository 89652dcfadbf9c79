using EdgeGw.Configuration;
using EdgeGw.Limits;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Limits;

public sealed class LimitTableTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Thousand_calls_at_once_share_ten_places_and_leave_none_taken()
    {
        var table = new LimitTable(
            [
                LimitTesting.Limit(LimitKind.Requests, 1000, LimitAlgorithm.Sliding, name: "wide"), LimitTesting.Limit(LimitKind.Concurrent, 10, name: "narrow"),
                LimitTesting.Limit(LimitKind.Tokens, 10_000, LimitAlgorithm.Sliding, name: "last"),
            ], _time);
        var leases = new LimitLease?[1000];
        Parallel.For(0, leases.Length, index => leases[index] = table.Take(tokens: 1000));

        var admitted = leases.OfType<LimitLease>().ToArray();
        Assert.Equal(10, admitted.Length);
        // The 990 that were refused took nothing of the limits beside.
        Assert.Equal((3, 30), table.Count());
        Parallel.ForEach(admitted.Concat(admitted), lease => table.End(lease, 0, 0));
        Assert.Equal((3, 0), table.Count());
        var all = table.Take(tokens: 10_000)!;
        Assert.Equal((999, 0, 9), (all.Tightest(LimitKind.Requests).Remaining, all.Tightest(LimitKind.Tokens).Remaining, all.Tightest(LimitKind.Concurrent).Remaining));
    }

    [Theory]
    [InlineData(LimitAlgorithm.Gcra)]
    [InlineData(LimitAlgorithm.Fixed)]
    [InlineData(LimitAlgorithm.Sliding)]
    public void Thousand_requests_at_once_against_a_limit_of_ten_are_ten(LimitAlgorithm algorithm)
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Requests, 10, algorithm)], _time);
        var admitted = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (table.Take() is not null)
            {
                Interlocked.Increment(ref admitted);
            }
        });
        Assert.Equal(10, admitted);
    }

    [Fact]
    public void Call_that_one_limit_refuses_takes_nothing_of_the_others()
    {
        var table = new LimitTable(
            [
                LimitTesting.Limit(LimitKind.Requests, 5, name: "first"), LimitTesting.Limit(LimitKind.Tokens, 5, LimitAlgorithm.Fixed, name: "tpm"),
                LimitTesting.Limit(LimitKind.Requests, 5, LimitAlgorithm.Sliding, name: "last"),
            ], _time);
        for (var i = 0; i < 20; i++)
        {
            var lease = new LimitLease();
            var refusal = table.TryTake(LimitTesting.By("a"), 6, lease)!;
            Assert.Equal(("tpm", true), (refusal.Limit.Name, refusal.NeverFits));
            Assert.Equal(5, lease.Tightest(LimitKind.Requests).Remaining);
        }
        Assert.Equal(4, table.Take(tokens: 5)!.Tightest(LimitKind.Requests).Remaining);
    }

    [Fact]
    public void Of_several_limits_without_room_the_one_that_takes_longest_is_named_and_the_tightest_is_told()
    {
        var table = new LimitTable(
            [
                LimitTesting.Limit(LimitKind.Requests, 1, name: "second"), LimitTesting.Limit(LimitKind.Requests, 1, name: "minute") with { Window = TimeSpan.FromMinutes(1) },
                LimitTesting.Limit(LimitKind.Requests, 9, name: "wide"),
            ], _time);
        var lease = table.Take()!;
        Assert.Equal((1, 0), (lease.Tightest(LimitKind.Requests).Limit, lease.Tightest(LimitKind.Requests).Remaining));
        var refusal = table.TryTake(LimitTesting.By("a"), 1, new LimitLease())!;
        Assert.Equal(("minute", TimeSpan.FromMinutes(1)), (refusal.Limit.Name, refusal.Wait));
    }

    [Fact]
    public void Limit_in_shadow_lets_pass_what_it_would_refuse_and_counts_only_what_it_would_not()
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Requests, 1) with { AtLimit = AtLimit.Shadow }], _time);
        Assert.Empty(table.Take()!.Passed);
        for (var i = 0; i < 5; i++)
        {
            var lease = table.Take()!;
            Assert.Equal(["limit"], lease.Passed);
            Assert.False(lease.Tightest(LimitKind.Requests).Applies);
        }
        _time.Advance(LimitTesting.Window);
        Assert.Empty(table.Take()!.Passed);
    }

    [Fact]
    public void Concurrent_call_is_counted_until_it_ends_and_ends_once()
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Concurrent, 2) with { Per = [CallDimension.Key] }], _time);
        var (one, two) = (table.Take("a")!, table.Take("a")!);
        Assert.Null(table.Take("a"));
        Assert.NotNull(table.Take("b"));
        table.End(one, 1, null);
        table.End(one, 1, null);
        var three = table.Take("a");
        Assert.NotNull(three);
        Assert.Null(table.Take("a"));
        table.End(two, 0, 0);
        table.End(three, 1, 5);
        Assert.Equal((2, 1), table.Count());
    }

    [Fact]
    public void Other_rules_keep_what_counts_alike_and_forget_the_rest()
    {
        var kept = LimitTesting.Limit(LimitKind.Requests, 3, name: "kept") with { Per = [CallDimension.Key] };
        var changed = LimitTesting.Limit(LimitKind.Requests, 3, name: "changed");
        var running = LimitTesting.Limit(LimitKind.Concurrent, 5, name: "running");
        var table = new LimitTable([kept, changed, running], _time);
        var before = table.Take()!;

        table.UseRules([running with { Amount = 2 }, kept with { Amount = 2, Match = new CallMatch { Keys = ["a"] } }]);
        var lease = table.Take()!;
        Assert.Equal((2, 0), (lease.Tightest(LimitKind.Requests).Limit, lease.Tightest(LimitKind.Requests).Remaining));
        Assert.Equal(0, lease.Tightest(LimitKind.Concurrent).Remaining);
        table.End(before, 1, null);
        table.End(lease, 1, null);
        Assert.Equal((2, 0), table.Count());

        table.UseRules([kept with { Window = TimeSpan.FromSeconds(2) }]);
        Assert.Equal(2, table.Take()!.Tightest(LimitKind.Requests).Remaining);
        table.UseRules([]);
        Assert.True(table.IsEmpty);
    }

    [Fact]
    public void Known_scope_is_taken_and_released_without_allocation()
    {
        var table = new LimitTable(
            [
                LimitTesting.Limit(LimitKind.Requests, 1_000_000, name: "rpm") with { Per = [CallDimension.Key] },
                LimitTesting.Limit(LimitKind.Tokens, 1_000_000, LimitAlgorithm.Sliding, name: "tpm") with { Per = [CallDimension.Model] },
                LimitTesting.Limit(LimitKind.Requests, 1_000_000, LimitAlgorithm.Fixed, name: "all"),
                LimitTesting.Limit(LimitKind.Concurrent, 10, name: "streams") with { Per = [CallDimension.Provider] },
            ], TimeProvider.System);
        var lease = new LimitLease();
        var caller = LimitTesting.By("a");
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                table.TryTake(caller, 100, lease);
                table.End(lease, 1, 40);
            }
        }));
    }
}
