using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Budgets;

/// <summary>Brings counters, rollup and slot names to the journal's end after a start, and ends what a crash left open.</summary>
/// <param name="coveredSequence">The last sequence that the rollup and the directory already contain (a checkpoint's), or zero.</param>
internal sealed class LedgerReplay(CounterStore<BudgetSlot> slots, UsageRollup rollup, SlotDirectory directory, long coveredSequence)
{
    private readonly Dictionary<long, OpenHold> _open = [];

    public void Apply(in JournalRecord record)
    {
        switch ((JournalRecordType)record.Type)
        {
            case JournalRecordType.Hold:
                ApplyHold(record);
                break;
            case JournalRecordType.Settle or JournalRecordType.Void:
                ApplyEnd(record);
                break;
            case JournalRecordType.SlotOpened:
                directory.TryAdd(LedgerRecord.ReadSlot(record.Payload, out _));
                break;
        }
    }

    /// <summary>Settles every hold still open at its full value: the provider may have run the call, so less could be an undercount.</summary>
    /// <returns>The records presumed, for log and metrics.</returns>
    public IReadOnlyList<UsageRecord> PresumeOpenHolds(Journal journal)
    {
        var presumed = new List<UsageRecord>(_open.Count);
        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var (holdSequence, hold) in _open.OrderBy(pair => pair.Key))
        {
            var record = hold.Draft with { Cost = hold.Amount, Outcome = Outcome.Failed, Error = "crash_recovery", Presumed = true };
            payload.ResetWrittenCount();
            LedgerRecord.WriteEnd(payload, holdSequence, record);
            var sequence = journal.Append((byte)JournalRecordType.Settle, LedgerRecord.Version, payload.WrittenSpan);
            EndSlots(hold, record.Cost, sequence);
            rollup.Add(record);
            presumed.Add(record);
        }
        _open.Clear();
        return presumed;
    }

    /// <summary>A slot after one of its holds ended at <paramref name="cost"/>.</summary>
    internal static BudgetSlot Ended(BudgetSlot slot, NanoUsd held, NanoUsd cost, long sequence) => slot with
    {
        Held = checked(slot.Held - held.Value),
        Spent = checked(slot.Spent + cost.Value),
        Overrun = checked(slot.Overrun + Math.Max(0, cost.Value - held.Value)),
        AppliedSequence = sequence,
    };

    private void ApplyHold(in JournalRecord record)
    {
        var (amount, keys) = LedgerRecord.ReadHold(record.Payload, out var draft);
        _open[record.Sequence] = new OpenHold(amount, keys, UsageRecordCodec.Read(draft));
        foreach (var key in keys)
        {
            slots.TryRead(key, out var slot);
            if (record.Sequence > slot.AppliedSequence)
            {
                slot.Held = checked(slot.Held + amount.Value);
                slot.AppliedSequence = record.Sequence;
                slots.Write(key, slot);
            }
        }
    }

    private void ApplyEnd(in JournalRecord record)
    {
        var (holdSequence, usage) = LedgerRecord.ReadEnd(record.Payload);
        if (_open.Remove(holdSequence, out var hold))
        {
            EndSlots(hold, usage.Cost, record.Sequence);
        }
        else if (record.Sequence > coveredSequence)
        {
            // A checkpoint's replay starts before its oldest open hold, so an end without its hold is damage, not age.
            throw new StorageException(
                $"Journal record {record.Sequence} ends hold {holdSequence}, which is not in the journal. Restore the data folder from a copy; nothing was changed.");
        }
        if (record.Sequence > coveredSequence)
        {
            rollup.Add(usage);
        }
    }

    private void EndSlots(OpenHold hold, NanoUsd cost, long sequence)
    {
        foreach (var key in hold.Slots)
        {
            slots.TryRead(key, out var slot);
            if (sequence > slot.AppliedSequence)
            {
                slots.Write(key, Ended(slot, hold.Amount, cost, sequence));
            }
        }
    }

    private sealed record OpenHold(NanoUsd Amount, CounterKey[] Slots, UsageRecord Draft);
}
