using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeGw.Identity;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>Which scopes of which budgets are in a running window: counters are stored under hashes, and reports must say whose they are.</summary>
/// <remarks>
/// Bounded: what comes when there are <see cref="MostNames"/>, none of whose windows has ended, is not listed. That takes it off reports and
/// changes no total: a slot is found by its name. Names are kept as the journal writes them, since most are read by each start and asked for by nobody.
/// </remarks>
public sealed class SlotDirectory
{
    /// <summary>About 100 bytes each.</summary>
    public const int MostNames = 200_000;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    private readonly Lock _gate = new();
    private ByteArena _names = new();

    /// <summary>Until when, in UTC ticks, by name.</summary>
    private Dictionary<BytePlace, long> _until;

    /// <summary>No window of those listed ends before.</summary>
    private DateTimeOffset _nextEnd;

    public SlotDirectory() => _until = new(_names);

    /// <summary>True when a scope was not known to run at least until an instant.</summary>
    /// <param name="until">Until when it is in a running window.</param>
    internal bool TryAdd(string budget, string scope, DateTimeOffset now, DateTimeOffset atLeast, DateTimeOffset until)
    {
        var slot = _scratch ??= new ArrayBufferWriter<byte>(256);
        slot.ResetWrittenCount();
        LedgerRecord.WriteSlot(slot, budget, scope, until);
        return TryAdd(LedgerRecord.NameOf(slot.WrittenSpan), now, atLeast, until);
    }

    /// <summary>The scopes of a budget whose window runs at an instant.</summary>
    public IReadOnlyList<string> Running(string budget, DateTimeOffset now)
    {
        var running = new List<string>();
        var ofBudget = Encoding.UTF8.GetBytes(budget);
        var (listed, names) = Listed(forgotten: null);
        foreach (var (place, until) in listed)
        {
            if (until > now.UtcTicks && LedgerRecord.ScopeOf(names.Span.Slice(place.Offset, place.Length), ofBudget) is { } scope)
            {
                running.Add(scope);
            }
        }
        running.Sort(StringComparer.Ordinal);
        return running;
    }

    /// <summary>Forgets the scopes that a person's name is in. Their totals stay, and the next window of a scope that is used again is listed again.</summary>
    /// <returns>How many.</returns>
    internal int Erase(Erasure person)
    {
        lock (_gate)
        {
            var before = _until.Count;
            foreach (var (place, _) in _until)
            {
                if (person.IsInScope(LedgerRecord.ScopeOf(_names[place])))
                {
                    _until.Remove(place);
                }
            }
            var erased = before - _until.Count;
            if (erased > 0)
            {
                // Else the names would stay in memory.
                Rebuild();
            }
            return erased;
        }
    }

    /// <summary>Writes every name; those of windows that ended before <paramref name="oldest"/> are forgotten (their totals stay).</summary>
    internal void Write(IBufferWriter<byte> output, DateTimeOffset oldest)
    {
        var (listed, names) = Listed(forgotten: oldest);
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), listed.Length);
        output.Advance(sizeof(int));
        foreach (var (place, until) in listed)
        {
            LedgerRecord.WriteSlot(output, names.Span.Slice(place.Offset, place.Length), until);
        }
    }

    internal void Read(ReadOnlySpan<byte> snapshot)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(snapshot);
        snapshot = snapshot[sizeof(int)..];
        lock (_gate)
        {
            _until.EnsureCapacity(Math.Min(count, MostNames));
        }
        for (var i = 0; i < count; i++)
        {
            Apply(snapshot, out var consumed);
            snapshot = snapshot[consumed..];
        }
    }

    internal void Apply(ReadOnlySpan<byte> record, out int consumed)
    {
        var name = LedgerRecord.NameOf(record);
        var until = LedgerRecord.ReadUntil(record);
        consumed = sizeof(long) + name.Length;
        TryAdd(name, DateTimeOffset.MinValue, until, until);
    }

    /// <summary>All that is listed, to be read without holding up who adds.</summary>
    /// <param name="forgotten">First those of windows that ended before are forgotten; null: none.</param>
    private (KeyValuePair<BytePlace, long>[] Until, ReadOnlyMemory<byte> Names) Listed(DateTimeOffset? forgotten)
    {
        lock (_gate)
        {
            if (forgotten is { } oldest)
            {
                ForgetBefore(oldest);
            }
            return ([.. _until], _names.Content);
        }
    }

    private bool TryAdd(ReadOnlySpan<byte> name, DateTimeOffset now, DateTimeOffset atLeast, DateTimeOffset until)
    {
        lock (_gate)
        {
            var byName = _until.GetAlternateLookup<ReadOnlySpan<byte>>();
            var isListed = byName.TryGetValue(name, out var known);
            if (isListed && known >= atLeast.UtcTicks)
            {
                return false;
            }
            // Making room may replace the table.
            if (isListed || HasRoom(now))
            {
                _until.GetAlternateLookup<ReadOnlySpan<byte>>()[name] = until.UtcTicks;
            }
            return true;
        }
    }

    private bool HasRoom(DateTimeOffset now)
    {
        if (_until.Count >= MostNames && now >= _nextEnd)
        {
            ForgetBefore(now);
            _nextEnd = _until.Count == 0 ? now : new DateTimeOffset(_until.Values.Min(), TimeSpan.Zero);
        }
        return _until.Count < MostNames;
    }

    private void ForgetBefore(DateTimeOffset oldest)
    {
        var left = 0;
        foreach (var (place, until) in _until)
        {
            if (until < oldest.UtcTicks)
            {
                _until.Remove(place);
            }
            else
            {
                left += place.Length;
            }
        }
        if (_names.Used > 2 * left)
        {
            Rebuild();
        }
    }

    /// <summary>Leaves the names behind that are listed no more.</summary>
    private void Rebuild()
    {
        var names = new ByteArena();
        var until = new Dictionary<BytePlace, long>(_until.Count, names);
        foreach (var (place, end) in _until)
        {
            until.Add(names.Create(_names[place]), end);
        }
        (_names, _until) = (names, until);
    }
}
