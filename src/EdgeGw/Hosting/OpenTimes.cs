using System.Diagnostics;

namespace EdgeGw.Hosting;

/// <summary>How long each part of <see cref="DataStore.OpenAsync"/> took.</summary>
public readonly record struct OpenTimes
{
    /// <summary>Reading the checkpoint, and checking and recovering its counters meanwhile.</summary>
    public required TimeSpan Checkpoint { get; init; }

    /// <summary>Reading and checking the journal, and applying its records since the checkpoint.</summary>
    public required TimeSpan Journal { get; init; }

    /// <summary>Charging what a crash left open, and making that durable.</summary>
    public required TimeSpan OpenHolds { get; init; }

    /// <summary>Records applied on top of the checkpoint.</summary>
    public required long Replayed { get; init; }
}

/// <summary>Tells how long each part of something takes.</summary>
internal sealed class LapClock
{
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Time since the last call, or since the clock was made.</summary>
    public TimeSpan Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var lap = Stopwatch.GetElapsedTime(_since, now);
        _since = now;
        return lap;
    }
}
