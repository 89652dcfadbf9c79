using System.Buffers;
using EdgeGw.Configuration;
using EdgeGw.Pricing;
using EdgeGw.Tests.Upstream;
using EdgeGw.Velocity;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Velocity;

/// <summary>The minimum of these tests, 12 dollars an hour, is a dollar in five minutes.</summary>
public sealed class VelocityGuardTests
{
    private readonly ManualTime _time = new();
    private readonly List<SpendVelocity> _told = [];

    [Fact]
    public void Rate_threshold_and_episodes_are_those_of_the_list_of_all_events()
    {
        var steps = (
            from pause in Gen.Frequency((5, Gen.Choose(0, 60)), (3, Gen.Choose(60, 900)), (2, Gen.Choose(900, 9000)))
            from cents in Gen.Frequency((6, Gen.Choose(0, 30)), (2, Gen.Choose(30, 300)), (1, Gen.Choose(300, 5000)))
            select (pause, cents)).ArrayOf().Resize(80).ToArbitrary();
        Prop.ForAll(steps, steps =>
        {
            var time = new ManualTime();
            var told = 0;
            var guard = VelocityTesting.Guard(time, VelocityTesting.Config with { Learn = TimeSpan.FromHours(5) });
            guard.Exceeded = (_, _) => told++;
            var oracle = new VelocityOracle(10, 12 * NanoUsd.PerDollar, 5);
            foreach (var (pause, cents) in steps)
            {
                time.Advance(TimeSpan.FromSeconds(pause));
                var now = time.GetTimestamp();
                var inEpisode = oracle.InEpisode(now);
                var explanation = guard.Check(VelocityTesting.By("ann"), out var wait);
                Assert.Equal(inEpisode, explanation is not null);
                Assert.Equal(inEpisode && oracle.IsOver(now), wait > TimeSpan.Zero);
                if (explanation is not null)
                {
                    Assert.Equal(oracle.Sum(now) * 12, explanation.Rate.Value);
                    Assert.InRange(explanation.Threshold.Value - oracle.Threshold(now), -100, 100);
                }
                guard.Spend(cents / 100m);
                if (cents > 0)
                {
                    oracle.Spend(now, cents * NanoUsd.PerDollar / 100);
                }
                Assert.Equal(oracle.Episodes, told);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Burst_within_the_minimum_never_fires()
    {
        var guard = Guard();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Null(guard.Spend(0.2m));
            Assert.Equal(TimeSpan.Zero, guard.Wait());
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        guard.Spend(1, "bob");
        Assert.Empty(_told);
    }

    [Fact]
    public void Episode_is_told_once_however_long_it_lasts_and_the_next_one_again()
    {
        var guard = Guard();
        for (var i = 0; i < 50; i++)
        {
            guard.Spend(0.5m);
            _time.Advance(TimeSpan.FromSeconds(20));
        }
        var told = Assert.Single(_told);
        Assert.Equal(("ann", 18m, 0m, 12m), (told.Scope, Dollars(told.Rate), Dollars(told.Baseline), Dollars(told.Threshold)));

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.Zero, guard.Wait());
        guard.Spend(1.5m);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void Throttled_scope_waits_exactly_until_its_rate_is_in_order_and_no_other_scope_waits()
    {
        var guard = Guard();
        guard.Spend(0.4m);
        _time.Advance(TimeSpan.FromMinutes(1));
        guard.Spend(0.9m);

        var wait = guard.Wait();
        Assert.True(wait > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, guard.Wait("bob"));
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), guard.Wait());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, guard.Wait());
        // The rate has fallen below the threshold, and not yet to half of it: still the same episode.
        Assert.NotNull(guard.Check(VelocityTesting.By("ann"), out _));
        guard.Spend(0.5m);
        Assert.Single(_told);
    }

    [Fact]
    public void Guard_that_only_alerts_lets_every_call_go()
    {
        var guard = Guard(VelocityTesting.Config with { Action = VelocityAction.Alert });
        guard.Spend(100);
        Assert.NotNull(guard.Check(VelocityTesting.By("ann"), out var wait));
        Assert.Equal(TimeSpan.Zero, wait);
        Assert.Single(_told);
    }

    [Fact]
    public void Baseline_adapts_to_what_is_usual_and_one_wild_hour_hardly_moves_it()
    {
        var guard = Guard(VelocityTesting.Config with { Action = VelocityAction.Alert });
        // Six dollars an hour, evenly, in the day's first eight hours, for three weeks.
        for (var hour = 0; hour < 21 * 24; hour++)
        {
            for (var slot = 0; slot < 12; slot++)
            {
                if (hour % 24 < 8)
                {
                    guard.Spend(0.5m);
                }
                _time.Advance(TimeSpan.FromMinutes(5));
            }
        }
        Assert.Empty(_told);
        guard.Spend(4.9m);
        Assert.Empty(_told);
        guard.Spend(0.2m);
        var told = Assert.Single(_told);
        Assert.InRange(Dollars(told.Baseline), 5.5m, 6m);

        guard.Spend(1000);
        _time.Advance(TimeSpan.FromHours(1));
        guard.Spend(10);
        Assert.InRange(Dollars(_told[^1].Baseline), 5.5m, 6.1m);
    }

    [Fact]
    public void Restart_keeps_the_baseline_the_rate_and_the_episode()
    {
        var guard = Guard();
        for (var hour = 0; hour < 100; hour++)
        {
            guard.Spend(0.9m);
            _time.Advance(TimeSpan.FromHours(1));
        }
        guard.Spend(50);
        guard.Spend(0.2m, "bob");
        Assert.Single(_told);
        var saved = new ArrayBufferWriter<byte>();
        guard.Write(saved);

        var next = Guard();
        next.Read(saved.WrittenSpan);
        Assert.Equal(guard.Wait(), next.Wait());
        Assert.Equal(guard.Check(VelocityTesting.By("ann"), out _), next.Check(VelocityTesting.By("ann"), out _));
        next.Spend(1);
        Assert.Single(_told);
        next.Spend(0.9m, "bob");
        Assert.Equal(2, _told.Count);

        var other = Guard(VelocityTesting.Config with { Per = [CallDimension.Service] });
        other.Read(saved.WrittenSpan);
        Assert.Equal(0, other.Count);
    }

    [Fact]
    public void What_was_written_and_cut_off_or_changed_is_read_without_harm()
    {
        var guard = Guard();
        guard.Spend(50);
        guard.Spend(50, "bob");
        var saved = new ArrayBufferWriter<byte>();
        guard.Write(saved);
        for (var length = 0; length <= saved.WrittenCount; length++)
        {
            var next = Guard();
            next.Read(saved.WrittenSpan[..length]);
            Assert.InRange(next.Count, 0, 2);
        }
    }

    [Fact]
    public void Scopes_are_bounded_and_those_unused_for_longest_are_forgotten()
    {
        var guard = VelocityTesting.Guard(_time, maxScopes: 64);
        guard.Spend(100, "ann");
        for (var i = 0; i < 1000; i++)
        {
            guard.Spend(0.1m, $"user{i}");
            Assert.True(guard.Wait("ann") >= TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.InRange(guard.Count, 60, 64);
        guard.Spend(100, "user999");
        Assert.NotNull(guard.Check(VelocityTesting.By("user999"), out _));
    }

    [Fact]
    public void Changed_factor_keeps_what_was_learned_and_other_dimensions_start_anew()
    {
        var guard = Guard();
        guard.Spend(50);
        guard.UseRule(VelocityTesting.Config with { MinimumPerHour = NanoUsd.FromDollars(10_000) });
        Assert.Equal(TimeSpan.Zero, guard.Wait());
        guard.UseRule(VelocityTesting.Config);
        Assert.Equal(1, guard.Count);
        guard.UseRule(VelocityTesting.Config with { Per = [] });
        Assert.Equal(0, guard.Count);
        guard.UseRule(null);
        Assert.True(guard.IsOff);
        Assert.Null(guard.Spend(1000));
    }

    [Fact]
    public void Member_of_several_groups_waits_for_the_worst_of_them()
    {
        var guard = Guard(VelocityTesting.Config with { Per = [CallDimension.Group] });
        guard.Spend(VelocityTesting.By("ann", "slow", "fast"), NanoUsd.FromDollars(0.5m));
        guard.Spend(VelocityTesting.By("bob", "fast"), NanoUsd.FromDollars(0.6m));
        Assert.Equal("fast", Assert.Single(_told).Scope);
        guard.Check(VelocityTesting.By("cid", "slow", "fast"), out var both);
        guard.Check(VelocityTesting.By("dan", "slow"), out var slow);
        Assert.True(both > TimeSpan.Zero && slow == TimeSpan.Zero);
    }

    [Fact]
    public void Absurd_costs_do_not_overflow()
    {
        var guard = Guard();
        for (var i = 0; i < 300; i++)
        {
            guard.Spend(VelocityTesting.By("ann"), new NanoUsd(long.MaxValue));
            Assert.True(guard.Wait() > TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(29));
        }
        Assert.Single(_told);
    }

    [Fact]
    public void Known_scope_is_checked_and_charged_without_allocation()
    {
        var guard = Guard();
        var caller = VelocityTesting.By("ann");
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                guard.Check(caller, out _);
                guard.Spend(caller, new NanoUsd(1));
            }
        }));
    }

    private static decimal Dollars(NanoUsd amount) => (decimal)amount.Value / NanoUsd.PerDollar;

    private VelocityGuard Guard(VelocityConfig? config = null)
    {
        var guard = VelocityTesting.Guard(_time, config);
        guard.Exceeded = (velocity, _) => _told.Add(velocity);
        return guard;
    }
}
