using EdgeGw.Configuration;
using EdgeGw.Limits;
using EdgeGw.Tests.Upstream;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Limits;

public sealed class LimitAlgorithmTests
{
    /// <param name="Pause">Ticks before the call.</param>
    /// <param name="Units">What it reserves.</param>
    /// <param name="Used">What it turns out to have used.</param>
    /// <param name="Ends">Whether the oldest open call ends just before it.</param>
    private sealed record Step(int Pause, int Units, int Used, bool Ends);

    private static readonly Arbitrary<Step[]> Steps = (
        from pause in Gen.Frequency((2, Gen.Constant(0)), (5, Gen.Choose(0, 1_500_000)), (1, Gen.Choose(0, 25_000_000)))
        from units in Gen.Choose(1, 5)
        from used in Gen.Choose(0, 7)
        from ends in Gen.Elements(true, false)
        select new Step(pause, units, used, ends)).ArrayOf().Resize(60).ToArbitrary();

    public static TheoryData<LimitAlgorithm, long?> Algorithms => new()
    {
        { LimitAlgorithm.Gcra, null }, { LimitAlgorithm.Gcra, 5 }, { LimitAlgorithm.Fixed, null }, { LimitAlgorithm.Sliding, null },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Limit_admits_exactly_what_the_list_of_all_events_allows(LimitAlgorithm algorithm, long? burst)
    {
        var limit = LimitTesting.Limit(LimitKind.Tokens, 10, algorithm) with { Burst = burst };
        Prop.ForAll(Steps, steps =>
        {
            var time = new ManualTime();
            var table = new LimitTable([limit], time);
            var oracle = new LimitOracle(limit);
            foreach (var step in steps)
            {
                time.Advance(new TimeSpan(step.Pause));
                var now = time.GetTimestamp();
                var admitted = table.Take(tokens: step.Units) is not null;
                Assert.True(!admitted || oracle.Allows(now, step.Units), "admitted too much");
                Assert.True(admitted || !oracle.Demands(now, step.Units), "refused what there was room for");
                if (admitted)
                {
                    oracle.Add(now, step.Units);
                }
            }
            Assert.InRange(oracle.Most, 0, algorithm == LimitAlgorithm.Sliding ? 10 : 10 + (burst ?? 10));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Limit_on_corrected_tokens_never_admits_more_than_what_was_truly_used_leaves_room_for(LimitAlgorithm algorithm, long? burst)
    {
        var limit = LimitTesting.Limit(LimitKind.Tokens, 10, algorithm) with { Burst = burst };
        Prop.ForAll(Steps, steps =>
        {
            var time = new ManualTime();
            var table = new LimitTable([limit], time);
            var oracle = new LimitOracle(limit);
            var open = new Queue<(LimitLease Lease, LimitOracle.Entry Entry, int Used)>();
            foreach (var step in steps)
            {
                time.Advance(new TimeSpan(step.Pause));
                var now = time.GetTimestamp();
                if (step.Ends && open.TryDequeue(out var call))
                {
                    table.End(call.Lease, 1, call.Used);
                    if (call.Used > call.Entry.Units)
                    {
                        oracle.Add(now, call.Used - call.Entry.Units);
                    }
                    call.Entry.Units = Math.Min(call.Used, call.Entry.Units);
                }
                var lease = table.Take(tokens: step.Units);
                Assert.True(lease is null || oracle.Allows(now, step.Units), "admitted too much");
                // What has flowed off a bucket does not come back, so GCRA may refuse where a list of events would not.
                Assert.True(lease is not null || algorithm == LimitAlgorithm.Gcra || !oracle.Demands(now, step.Units), "refused what there was room for");
                if (lease is not null)
                {
                    open.Enqueue((lease, oracle.Add(now, step.Units), step.Used));
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Refused_call_is_admitted_after_the_wait_it_was_told_and_not_before(LimitAlgorithm algorithm, long? burst)
    {
        var limit = LimitTesting.Limit(LimitKind.Tokens, 10, algorithm) with { Burst = burst };
        Prop.ForAll(Steps, steps =>
        {
            var time = new ManualTime();
            var table = new LimitTable([limit], time);
            foreach (var step in steps)
            {
                time.Advance(new TimeSpan(step.Pause));
                if (table.TryTake(LimitTesting.By("a"), step.Units, new LimitLease()) is not { } refusal)
                {
                    continue;
                }
                Assert.InRange(refusal.Wait, new TimeSpan(1), 2 * LimitTesting.Window);
                time.Advance(refusal.Wait - new TimeSpan(1));
                Assert.Null(table.Take(tokens: step.Units));
                time.Advance(new TimeSpan(1));
                Assert.NotNull(table.Take(tokens: step.Units));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Tokens_that_were_not_used_are_there_again_at_once(LimitAlgorithm algorithm, long? burst)
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Tokens, 10, algorithm) with { Burst = burst }], new ManualTime());
        var lease = table.Take(tokens: 5)!;
        table.End(lease, 1, 1);
        Assert.NotNull(table.Take(tokens: burst is null ? 9 : 4));
        Assert.Null(table.Take());
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Tokens_used_beyond_the_reservation_are_missing_afterwards(LimitAlgorithm algorithm, long? burst)
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Tokens, 10, algorithm) with { Burst = burst }], new ManualTime());
        table.End(table.Take(tokens: 1)!, 1, 100);
        var refusal = table.TryTake(LimitTesting.By("a"), 1, new LimitLease())!;
        Assert.Equal((0, false), (refusal.Remaining, refusal.NeverFits));
        // A call that reserves nothing is not in the way of anybody.
        Assert.NotNull(table.Take(tokens: 0));
    }

    [Fact]
    public void Reset_tells_when_everything_is_back()
    {
        foreach (var algorithm in Enum.GetValues<LimitAlgorithm>())
        {
            var time = new ManualTime();
            var table = new LimitTable([LimitTesting.Limit(LimitKind.Requests, 4, algorithm)], time);
            var first = table.Take()!.Tightest(LimitKind.Requests);
            Assert.Equal((4, 3), (first.Limit, first.Remaining));
            time.Advance(first.Reset);
            Assert.Equal(3, table.Take()!.Tightest(LimitKind.Requests).Remaining);
        }
    }

    [Fact]
    public void Set_clock_changes_nothing_but_fixed_windows()
    {
        foreach (var algorithm in Enum.GetValues<LimitAlgorithm>())
        {
            var time = new SetClock();
            var table = new LimitTable([LimitTesting.Limit(LimitKind.Requests, 1, algorithm)], time);
            Assert.NotNull(table.Take());
            foreach (var jump in (TimeSpan[])[TimeSpan.FromHours(1), TimeSpan.FromHours(-2)])
            {
                time.Clock += jump;
                Assert.Equal(algorithm == LimitAlgorithm.Fixed, table.Take() is not null);
                Assert.Null(table.Take());
            }
        }
    }

    /// <summary>A wall clock that somebody sets; the monotonic one stands still.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Clock { get; set; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

        public override long GetTimestamp() => 1_000_000_000_000;

        public override DateTimeOffset GetUtcNow() => Clock;
    }
}
