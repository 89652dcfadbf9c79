using System.Runtime.CompilerServices;

namespace EdgeGw.Velocity;

/// <summary>All that is remembered of a scope, as checkpoints keep it.</summary>
internal struct VelocityState
{
    /// <summary>Number of the newest slot: half minutes since the year 1. A new state is before all times.</summary>
    public long Slot;

    /// <summary>Nano-dollars in <see cref="Slots"/>.</summary>
    public long Sum;

    /// <summary>Nano-dollars in the hour of <see cref="Slot"/>.</summary>
    public long HourSpent;

    /// <summary>Nano-dollars an hour. No ledger depends on it, so it may be a floating-point number.</summary>
    public double Baseline;

    /// <summary>How many hours the baseline is made of, at most those that it shall remember.</summary>
    public long Hours;

    /// <summary>When the episode began, ticks of UTC; zero: there is none.</summary>
    public long EpisodeStart;

    public VelocitySlots Slots;
}

/// <summary>What was spent in each of the last half minutes, nano-dollars, by the slot's number modulo <see cref="Count"/>.</summary>
[InlineArray(Count)]
internal struct VelocitySlots
{
    public const int Count = 10;

    private long _first;
}
