using EdgeGw.Pricing;

namespace EdgeGw.Velocity;

/// <summary>One caller, or whatever else splits the guard: what it spent in the last five minutes, and what is usual for it.</summary>
/// <remarks>
/// The rate is what was settled in the newest ten half minutes, the running one included: never anything older than five minutes. The
/// baseline is the mean of the hours (UTC) in which anything was spent, from the first one on; once it has as many as it shall remember, each further
/// hour moves it by that share. An episode begins where the rate exceeds the threshold and ends where it has fallen to half of that, so that a
/// rate around the threshold is told once.
/// </remarks>
internal sealed class VelocityScope(string name)
{
    public const long SlotTicks = 30 * TimeSpan.TicksPerSecond;
    private const long SlotsPerHour = TimeSpan.TicksPerHour / SlotTicks;
    private const long WindowsPerHour = SlotsPerHour / VelocitySlots.Count;

    /// <summary>In a slot or an hour: far above all real spending, and below where sums could overflow.</summary>
    private const long MostCounted = long.MaxValue / 64;

    private VelocityState _state;

    public VelocityScope(string name, VelocityState state)
        : this(name) => _state = state;

    public string Name { get; } = name;

    public VelocityState State => _state;

    public long LastUsed => _state.Slot;

    public bool InEpisode => _state.EpisodeStart != 0;

    public DateTimeOffset EpisodeStart => new(_state.EpisodeStart, TimeSpan.Zero);

    /// <summary>Brings the scope to a moment. One before the last is taken for that one.</summary>
    public void Advance(long now, VelocityRule rule)
    {
        var slot = now / SlotTicks;
        if (slot <= _state.Slot)
        {
            return;
        }
        if (slot / SlotsPerHour != _state.Slot / SlotsPerHour)
        {
            EndHour(rule);
        }
        var first = Math.Max(_state.Slot + 1, slot - VelocitySlots.Count + 1);
        for (var number = first; number <= slot; number++)
        {
            ref var spent = ref _state.Slots[(int)(number % VelocitySlots.Count)];
            _state.Sum -= spent;
            spent = 0;
        }
        _state.Slot = slot;
        if (InEpisode && _state.Sum <= Limit(rule) / 2)
        {
            _state.EpisodeStart = 0;
        }
    }

    /// <summary>Counts a cost at the moment last advanced to.</summary>
    /// <returns>An episode has begun.</returns>
    public bool Spend(NanoUsd cost, long now, VelocityRule rule)
    {
        ref var slot = ref _state.Slots[(int)(_state.Slot % VelocitySlots.Count)];
        var counted = Math.Clamp(cost.Value, 0, MostCounted - slot);
        slot += counted;
        _state.Sum += counted;
        _state.HourSpent = Math.Min(_state.HourSpent + counted, MostCounted);
        if (InEpisode || _state.Sum <= Limit(rule))
        {
            return false;
        }
        _state.EpisodeStart = now;
        return true;
    }

    /// <summary>How long until the rate is in order again, if nothing more is spent; zero: it is.</summary>
    public TimeSpan WaitFor(long now, VelocityRule rule)
    {
        var limit = Limit(rule);
        var left = _state.Sum;
        if (left <= limit)
        {
            return TimeSpan.Zero;
        }
        var number = Math.Max(0, _state.Slot - VelocitySlots.Count + 1);
        while ((left -= _state.Slots[(int)(number % VelocitySlots.Count)]) > limit)
        {
            number++;
        }
        return new TimeSpan(Math.Max(1, ((number + VelocitySlots.Count) * SlotTicks) - now));
    }

    public SpendVelocity Explain(VelocityRule rule) => new(
        Name, new NanoUsd(long.CreateSaturating((Int128)_state.Sum * WindowsPerHour)), new NanoUsd(long.CreateSaturating(_state.Baseline)),
        new NanoUsd(rule.Threshold(_state.Baseline)), rule.Config.Factor, rule.Config.Action);

    /// <summary>What may be spent in five minutes.</summary>
    private long Limit(VelocityRule rule) => rule.Threshold(_state.Baseline) / WindowsPerHour;

    private void EndHour(VelocityRule rule)
    {
        if (_state.HourSpent > 0)
        {
            var sample = Math.Min(_state.HourSpent, rule.MostLearned(_state.Baseline));
            _state.Hours = Math.Min(_state.Hours + 1, rule.Hours);
            _state.Baseline += (sample - _state.Baseline) / _state.Hours;
        }
        _state.HourSpent = 0;
    }
}
