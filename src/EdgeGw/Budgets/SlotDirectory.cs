using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>Which slots exist, by name: counters are stored under hashes, and reports must say whose they are.</summary>
public sealed class SlotDirectory
{
    private readonly ConcurrentDictionary<CounterKey, SlotReference> _slots = new();

    /// <summary>True when the slot was not known: its name must then be journaled.</summary>
    internal bool TryAdd(SlotReference slot) => _slots.TryAdd(slot.Key, slot);

    /// <summary>The slots of a budget whose window contains <paramref name="now"/>.</summary>
    public IReadOnlyList<SlotReference> Current(string budget, DateTimeOffset now) =>
        [.. _slots.Values.Where(slot => slot.Budget == budget && slot.Window.Contains(now)).OrderBy(slot => slot.Scope, StringComparer.Ordinal)];

    /// <summary>Writes every name; those of windows that ended before <paramref name="oldest"/> are forgotten (their totals stay).</summary>
    internal void Write(IBufferWriter<byte> output, DateTimeOffset oldest)
    {
        foreach (var ended in _slots.Values.Where(slot => slot.Window.End < oldest))
        {
            _slots.TryRemove(ended.Key, out _);
        }
        var slots = _slots.Values;
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), slots.Count);
        output.Advance(sizeof(int));
        foreach (var slot in slots)
        {
            LedgerRecord.WriteSlot(output, slot);
        }
    }

    internal void Read(ReadOnlySpan<byte> snapshot)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(snapshot);
        snapshot = snapshot[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            TryAdd(LedgerRecord.ReadSlot(snapshot, out var consumed));
            snapshot = snapshot[consumed..];
        }
    }
}
