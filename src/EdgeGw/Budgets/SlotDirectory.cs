using System.Buffers;
using System.Buffers.Binary;

namespace EdgeGw.Budgets;

/// <summary>Which scopes of which budgets are in a running window: counters are stored under hashes, and reports must say whose they are.</summary>
/// <remarks>
/// Bounded: of more than <see cref="MostNames"/> those that end first are forgotten. That takes them off reports until they are used again, and
/// changes no total: a slot is found by its name.
/// </remarks>
public sealed class SlotDirectory
{
    /// <summary>About 200 bytes each.</summary>
    public const int MostNames = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Budget, string Scope), DateTimeOffset> _until = [];

    /// <summary>True when a scope was not known to run at least until an instant: its name must then be journaled.</summary>
    /// <param name="until">Until when it is in a running window.</param>
    internal bool TryAdd(string budget, string scope, DateTimeOffset atLeast, DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_until.TryGetValue((budget, scope), out var known) && known >= atLeast)
            {
                return false;
            }
            if (_until.Count >= MostNames && known == default)
            {
                ForgetSome();
            }
            _until[(budget, scope)] = until;
            return true;
        }
    }

    /// <summary>The scopes of a budget whose window runs at an instant.</summary>
    public IReadOnlyList<string> Running(string budget, DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _until.Where(entry => entry.Key.Budget == budget && entry.Value > now).Select(entry => entry.Key.Scope).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Writes every name; those of windows that ended before <paramref name="oldest"/> are forgotten (their totals stay).</summary>
    internal void Write(IBufferWriter<byte> output, DateTimeOffset oldest)
    {
        lock (_gate)
        {
            foreach (var ended in _until.Where(entry => entry.Value < oldest).ToList())
            {
                _until.Remove(ended.Key);
            }
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), _until.Count);
            output.Advance(sizeof(int));
            foreach (var ((budget, scope), until) in _until)
            {
                LedgerRecord.WriteSlot(output, budget, scope, until);
            }
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
        TryAdd(budget, scope, until, until);
    }

    private void ForgetSome()
    {
        foreach (var ended in _until.OrderBy(entry => entry.Value).Take(MostNames / 10).ToList())
        {
            _until.Remove(ended.Key);
        }
    }
}
