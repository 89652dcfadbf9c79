using System.Buffers;
using System.Buffers.Binary;
using EdgeGw.Identity;

namespace EdgeGw.Budgets;

/// <summary>Which scopes of which budgets are in a running window: counters are stored under hashes, and reports must say whose they are.</summary>
/// <remarks>
/// Bounded: what comes when there are <see cref="MostNames"/>, none of whose windows has ended, is not listed. That takes it off reports and
/// changes no total: a slot is found by its name.
/// </remarks>
public sealed class SlotDirectory
{
    /// <summary>About 200 bytes each.</summary>
    public const int MostNames = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Budget, string Scope), DateTimeOffset> _until = [];

    /// <summary>No window of those listed ends before.</summary>
    private DateTimeOffset _nextEnd;

    /// <summary>True when a scope was not known to run at least until an instant.</summary>
    /// <param name="until">Until when it is in a running window.</param>
    internal bool TryAdd(string budget, string scope, DateTimeOffset now, DateTimeOffset atLeast, DateTimeOffset until)
    {
        lock (_gate)
        {
            var isListed = _until.TryGetValue((budget, scope), out var known);
            if (isListed && known >= atLeast)
            {
                return false;
            }
            if (isListed || HasRoom(now))
            {
                _until[(budget, scope)] = until;
            }
            return true;
        }
    }

    /// <summary>The scopes of a budget whose window runs at an instant.</summary>
    public IReadOnlyList<string> Running(string budget, DateTimeOffset now)
    {
        var running = new List<string>();
        lock (_gate)
        {
            foreach (var ((name, scope), until) in _until)
            {
                if (name == budget && until > now)
                {
                    running.Add(scope);
                }
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
            foreach (var name in _until.Keys.Where(name => person.IsInScope(name.Scope)).ToArray())
            {
                _until.Remove(name);
            }
            return before - _until.Count;
        }
    }

    /// <summary>Writes every name; those of windows that ended before <paramref name="oldest"/> are forgotten (their totals stay).</summary>
    internal void Write(IBufferWriter<byte> output, DateTimeOffset oldest)
    {
        KeyValuePair<(string Budget, string Scope), DateTimeOffset>[] listed;
        lock (_gate)
        {
            ForgetBefore(oldest);
            listed = [.. _until];
        }
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), listed.Length);
        output.Advance(sizeof(int));
        foreach (var ((budget, scope), until) in listed)
        {
            LedgerRecord.WriteSlot(output, budget, scope, until);
        }
    }

    internal void Read(ReadOnlySpan<byte> snapshot)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(snapshot);
        snapshot = snapshot[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            Apply(snapshot, out var consumed);
            snapshot = snapshot[consumed..];
        }
    }

    internal void Apply(ReadOnlySpan<byte> record, out int consumed)
    {
        var (budget, scope, until) = LedgerRecord.ReadSlot(record, out consumed);
        TryAdd(budget, scope, DateTimeOffset.MinValue, until, until);
    }

    private bool HasRoom(DateTimeOffset now)
    {
        if (_until.Count >= MostNames && now >= _nextEnd)
        {
            ForgetBefore(now);
            _nextEnd = _until.Count == 0 ? now : _until.Values.Min();
        }
        return _until.Count < MostNames;
    }

    private void ForgetBefore(DateTimeOffset oldest)
    {
        foreach (var (name, until) in _until)
        {
            if (until < oldest)
            {
                _until.Remove(name);
            }
        }
    }
}
