using EdgeGw.Metering.Dialects;
using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Shapes;

/// <summary>The two latest forms of a stream's events, by which most events are read without parsing them.</summary>
/// <remarks>A stream whose events keep changing their form stops the learning: it pays for itself only where shapes are met again.</remarks>
internal sealed class EventShapes
{
    private const int MaxCredit = 16;

    private readonly ShapeRecorder _recorder = new();
    private EventShape _latest = new();
    private EventShape _other = new();
    private int _credit;
    /// <summary>The event before had the latest form.</summary>
    private bool _repeated;

    public void Reset()
    {
        _latest.Clear();
        _other.Clear();
        _credit = MaxCredit;
        _repeated = false;
    }

    /// <summary>Something was read otherwise.</summary>
    public void Interrupt() => _repeated = false;

    /// <summary>Reads the event at the start of <paramref name="input"/> when its form is known; returns its length, else 0.</summary>
    public int Replay(ReadOnlySpan<byte> input, DialectReader reader)
    {
        if (_latest.IsEmpty)
        {
            return 0;
        }
        var length = _latest.Match(input);
        if (length == 0)
        {
            if (_other.IsEmpty || (length = _other.Match(input)) == 0)
            {
                return 0;
            }
            (_latest, _other) = (_other, _latest);
            _repeated = false;
        }
        _credit = Math.Min(_credit + 1, MaxCredit);
        _latest.Replay(input, reader, _repeated);
        _repeated = true;
        return length;
    }

    /// <summary>Takes an event that had to be parsed as the latest form.</summary>
    /// <param name="event">From its first line to its blank line.</param>
    public void Learn(ReadOnlySpan<byte> @event, PathTable paths)
    {
        if (_credit == 0)
        {
            return;
        }
        _credit--;
        if (_recorder.TryRecord(@event, paths, _other))
        {
            _other.Complete(@event.Length, _latest);
            (_latest, _other) = (_other, _latest);
        }
        else
        {
            _other.Clear();
        }
        _latest.GrowTo(_other);
        _other.GrowTo(_latest);
    }
}
