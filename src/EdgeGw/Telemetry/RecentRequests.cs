using EdgeGw.Identity;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry;

/// <summary>The last records, for a look at what is going on. Bounded; the journal has them all.</summary>
public sealed class RecentRequests
{
    private readonly UsageRecord?[] _ring;
    private long _next;

    /// <param name="capacity">How many records are kept.</param>
    public RecentRequests(int capacity = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new UsageRecord?[capacity];
    }

    public int Capacity => _ring.Length;

    /// <summary>Thread-safe, lock-free.</summary>
    public void Add(UsageRecord record)
    {
        var position = Interlocked.Increment(ref _next) - 1;
        Volatile.Write(ref _ring[position % _ring.Length], record);
    }

    /// <summary>Puts a pseudonym in the place of a person's names.</summary>
    /// <returns>In how many records.</returns>
    internal int Erase(Erasure person)
    {
        var erased = 0;
        for (var i = 0; i < _ring.Length; i++)
        {
            if (Volatile.Read(ref _ring[i]) is not { } record)
            {
                continue;
            }
            var other = person.Apply(record);
            // One that was overwritten meanwhile is of a later call.
            if (!ReferenceEquals(other, record) && ReferenceEquals(Interlocked.CompareExchange(ref _ring[i], other, record), record))
            {
                erased++;
            }
        }
        return erased;
    }

    /// <summary>Newest first, those that match every condition given.</summary>
    /// <param name="key">A key's name or id.</param>
    public IReadOnlyList<UsageRecord> Query(int limit, Outcome? outcome = null, string? key = null)
    {
        var found = new List<UsageRecord>(Math.Min(Math.Max(limit, 0), _ring.Length));
        var newest = Volatile.Read(ref _next) - 1;
        for (var position = newest; position >= 0 && position > newest - _ring.Length && found.Count < limit; position--)
        {
            // Null: its writer has taken the position and not yet filled it.
            if (Volatile.Read(ref _ring[position % _ring.Length]) is { } record
                && (outcome is null || record.Outcome == outcome)
                && (key is null || record.Principal.KeyName == key || record.Principal.KeyId == key))
            {
                found.Add(record);
            }
        }
        return found;
    }
}
