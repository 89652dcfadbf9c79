using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Matching;
using EdgeGw.Policy;

namespace EdgeGw.Limits;

/// <summary>One configured limit with the scopes that calls have opened.</summary>
internal sealed class LimitRule
{
    private readonly PolicyRule? _policy;

    /// <param name="before">The rule whose scopes are taken over; null: none.</param>
    public LimitRule(LimitConfig config, TimeProvider time, LimitRule? before)
    {
        Config = config;
        AmountText = config.Amount.ToString(CultureInfo.InvariantCulture);
        _policy = config.Policy is { } policy ? new PolicyRule(policy, rank: 0) : null;
        TicksPerSecond = IsByClock ? TimeSpan.TicksPerSecond : time.TimestampFrequency;
        WindowTicks = (long)((Int128)config.Window.Ticks * TicksPerSecond / TimeSpan.TicksPerSecond);
        SlotTicks = Math.Max(1, (WindowTicks + SlidingScope.SlotsPerWindow - 1) / SlidingScope.SlotsPerWindow);
        Scopes = before?.Scopes ?? [];
        foreach (var scope in Scopes.Values)
        {
            scope.Rule = this;
        }
    }

    public LimitConfig Config { get; }

    /// <summary>The call's labels, caller and target, and all else that a policy asks for where one sets the limit, are as wanted.</summary>
    /// <param name="call">Only asked by limits of policies.</param>
    public bool IsFor(in CallSubject subject, in PolicyCall call) =>
        _policy is not null ? _policy.Matches(call) : Config.Match is not { } match || CallFilter.Matches(match, subject);

    public Dictionary<string, LimitScope> Scopes { get; }

    public long Amount => Config.Amount;

    /// <summary>As callers are told of it, with each call.</summary>
    public string AmountText { get; }

    /// <summary>The most that can be taken at once, ever.</summary>
    public long Capacity => Config.Burst ?? Config.Amount;

    public long WindowTicks { get; }

    /// <summary>A slot of a sliding window; rounded up, so that no more than sixty are needed.</summary>
    public long SlotTicks { get; }

    private long TicksPerSecond { get; }

    /// <summary>Windows of the wall clock; everything else runs on the monotonic one, which nobody sets.</summary>
    public bool IsByClock => Config.Kind != LimitKind.Concurrent && Config.Algorithm == LimitAlgorithm.Fixed;

    public long TicksOf(LimitMoment now) => IsByClock ? now.Clock : now.Timestamp;

    public long UnitsOf(long tokens) => Config.Kind == LimitKind.Tokens ? tokens : 1;

    /// <summary>Rounded up.</summary>
    public TimeSpan Duration(long ticks)
    {
        var (seconds, rest) = Math.DivRem(ticks, TicksPerSecond);
        return new((seconds * TimeSpan.TicksPerSecond) + (((rest * TimeSpan.TicksPerSecond) + TicksPerSecond - 1) / TicksPerSecond));
    }

    public LimitScope NewScope() => Config.Kind == LimitKind.Concurrent ? new ConcurrentScope(this) : Config.Algorithm switch
    {
        LimitAlgorithm.Gcra => new GcraScope(this),
        LimitAlgorithm.Fixed => new FixedScope(this),
        _ => new SlidingScope(this),
    };

    /// <summary>What was counted for the other means the same here: a changed amount, match or action keeps it.</summary>
    public static bool CountAlike(LimitConfig one, LimitConfig other) =>
        one.Name == other.Name && one.Kind == other.Kind && one.Algorithm == other.Algorithm && one.Window == other.Window && one.Per.SequenceEqual(other.Per);
}
