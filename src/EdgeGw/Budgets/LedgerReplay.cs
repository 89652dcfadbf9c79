using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Budgets;

/// <summary>Brings counters, rollup, slot names and deferred answers to the journal's end after a start, and ends what a crash left open.</summary>
/// <param name="coveredSequence">The last sequence that the rollup, the directory, the deferred answers and the raises already contain (a checkpoint's), or zero.</param>
/// <param name="hasher">Knows again whom an erasure was for. Null: names do not matter, only amounts.</param>
internal sealed class LedgerReplay(
    CounterStore<BudgetSlot> slots, UsageRollup rollup, SlotDirectory directory, DeferredAnswers deferred, BudgetRaises raises, long coveredSequence,
    KeyHasher? hasher)
{
    private readonly Dictionary<long, OpenHold> _open = [];
    private readonly ReplaySlots _slots = new(slots);
    private readonly UsageReplay _usage = new(rollup);

    /// <exception cref="StorageException">The record is of a newer build, or the journal is damaged.</exception>
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
            case JournalRecordType.Defer:
                ApplyDefer(record);
                break;
            case JournalRecordType.Correct:
                ApplyCorrect(record);
                break;
            case JournalRecordType.SlotOpened:
                // Version 1 began with the window's start.
                directory.Apply(record.Version == 1 ? record.Payload[sizeof(long)..] : record.Payload, out _);
                break;
            case JournalRecordType.Extend:
                ApplyExtend(record);
                break;
            case JournalRecordType.Alert:
                var (alerted, percent) = LedgerRecord.ReadAlert(record.Payload);
                ref var slot = ref _slots[alerted];
                if (record.Sequence > slot.AppliedSequence)
                {
                    slot = slot.WithAlert(percent, record.Sequence);
                }
                break;
            case JournalRecordType.Erase when hasher is not null:
                ApplyErase(record, Erasure.Read(record.Payload, hasher));
                break;
            case JournalRecordType.Raise when record.Sequence > coveredSequence:
                raises.Add(BudgetRaise.Read(record.Payload, out _));
                break;
        }
    }

    /// <summary>The erasures that were read, for what is not in the journal.</summary>
    public List<Erasure> Erased { get; } = [];

    /// <summary>Settles every hold still open at its full value: the provider may have run the call, so less could be an undercount.</summary>
    /// <returns>The records presumed, for log and metrics.</returns>
    /// <exception cref="InvalidDataException">A settlement is malformed; nothing was settled.</exception>
    public IReadOnlyList<UsageRecord> PresumeOpenHolds(Journal journal)
    {
        // Before anything is written: a journal that cannot be read whole stays as it is.
        _usage.Wait();
        var presumed = new List<UsageRecord>(_open.Count);
        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        var open = _open.OrderBy(pair => pair.Key).ToList();
        // What the calls were stands in the journal; most holds of a replay have ended and are never asked.
        journal.Read(open.Select(hold => hold.Value.Address), (in JournalRecord held) =>
        {
            var hold = _open[held.Sequence];
            LedgerRecord.ReadHold(held.Payload, out var draft);
            var record = UsageRecordCodec.Read(draft) with { Cost = hold.Amount, Outcome = Outcome.Failed, Error = "crash_recovery", Presumed = true };
            payload.ResetWrittenCount();
            LedgerRecord.WriteEnd(payload, held.Sequence, record);
            var sequence = journal.Append((byte)JournalRecordType.Settle, LedgerRecord.Version, payload.WrittenSpan);
            EndSlots(hold, record.Cost, sequence);
            rollup.Add(record);
            presumed.Add(record);
        });
        _open.Clear();
        _slots.WriteBack();
        return presumed;
    }

    /// <summary>Brings the counter store and the rollup up to what was applied.</summary>
    /// <exception cref="InvalidDataException">A settlement is malformed.</exception>
    public void Finish()
    {
        _slots.WriteBack();
        _usage.Wait();
    }

    private void ApplyHold(in JournalRecord record)
    {
        var (amount, keys) = LedgerRecord.ReadHold(record.Payload, out _);
        _open[record.Sequence] = new OpenHold(amount, keys, record.Address);
        HoldSlots(keys, amount, record.Sequence);
    }

    private void ApplyExtend(in JournalRecord record)
    {
        var (holdSequence, amount) = LedgerRecord.ReadExtend(record.Payload);
        if (TakeHold(record, holdSequence) is not { } hold)
        {
            return;
        }
        _open[holdSequence] = hold with { Amount = hold.Amount + amount };
        HoldSlots(hold.Slots, amount, record.Sequence);
    }

    private void ApplyEnd(in JournalRecord record)
    {
        var holdSequence = LedgerRecord.ReadEnd(record.Payload, out var usage);
        if (TakeHold(record, holdSequence) is { Slots.Length: > 0 } hold)
        {
            EndSlots(hold, UsageRecordCodec.ReadCost(usage), record.Sequence);
        }
        if (record.Sequence > coveredSequence)
        {
            _usage.Add(usage);
        }
    }

    private void ApplyDefer(in JournalRecord record)
    {
        var holdSequence = LedgerRecord.ReadDefer(record.Payload, out var details);
        if (TakeHold(record, holdSequence) is not { } hold)
        {
            return;
        }
        var answer = new DeferredAnswer(record.Sequence, hold.Slots, details);
        var charge = answer.Charge();
        EndSlots(hold, charge.Cost, record.Sequence);
        if (record.Sequence > coveredSequence)
        {
            rollup.Add(charge);
            deferred.Add(answer);
        }
    }

    private void ApplyCorrect(in JournalRecord record)
    {
        var (holdSequence, answer, usage) = LedgerRecord.ReadCorrect(record.Payload);
        foreach (var key in answer.Slots)
        {
            ref var slot = ref _slots[key];
            // Here and below: the checkpoint that this replay started from may hold the record already.
            if (record.Sequence > slot.AppliedSequence)
            {
                slot = slot.WithCorrection(usage.Cost.Value, record.Sequence);
            }
        }
        // The hold of the request that read is of nothing, so its end changes no slot, also where that is one of the answer's.
        TakeHold(record, holdSequence);
        if (record.Sequence > coveredSequence)
        {
            rollup.Add(usage);
            deferred.Remove(answer);
        }
    }

    private void ApplyErase(in JournalRecord record, Erasure person)
    {
        Erased.Add(person);
        // Every scope that the journal names was just listed again, those before the checkpoint too.
        directory.Erase(person);
        if (record.Sequence > coveredSequence)
        {
            deferred.Erase(person);
            _usage.Wait();
            rollup.Erase(person);
        }
    }

    /// <summary>The hold that a record ends; null when a checkpoint has both.</summary>
    private OpenHold? TakeHold(in JournalRecord record, long holdSequence)
    {
        if (_open.Remove(holdSequence, out var hold))
        {
            return hold;
        }
        if (record.Sequence > coveredSequence)
        {
            // A checkpoint's replay starts before its oldest open hold, so an end without its hold is damage, not age.
            throw new StorageException(
                $"Journal record {record.Sequence} belongs to hold {holdSequence}, which is not in the journal. Restore the data folder from a copy; nothing was changed.");
        }
        return null;
    }

    private void HoldSlots(CounterKey[] keys, NanoUsd amount, long sequence)
    {
        foreach (var key in keys)
        {
            ref var slot = ref _slots[key];
            if (sequence > slot.AppliedSequence)
            {
                slot = slot.WithHold(amount.Value, sequence);
            }
        }
    }

    private void EndSlots(in OpenHold hold, NanoUsd cost, long sequence)
    {
        foreach (var key in hold.Slots)
        {
            ref var slot = ref _slots[key];
            if (sequence > slot.AppliedSequence)
            {
                slot = slot.WithEnd(hold.Amount.Value, cost.Value, sequence);
            }
        }
    }

    private readonly record struct OpenHold(NanoUsd Amount, CounterKey[] Slots, long Address);
}
