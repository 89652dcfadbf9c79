using System.Globalization;
using System.Text.Json;
using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>
/// Reads ledger records one by one, checks that each makes sense after those before it, and adds up what the slots must hold. An oracle: it
/// shares the payloads' layout with the ledger, and none of its sums.
/// </summary>
internal sealed class JournalAudit
{
    private readonly SortedDictionary<JournalRecordType, long> _counts = [];
    private readonly Dictionary<long, (NanoUsd Amount, CounterKey[] Slots)> _open = [];
    private readonly Dictionary<CounterKey, BudgetSlot> _slots = [];
    private readonly HashSet<CounterKey> _opened = [];
    private readonly List<(long First, long Last)> _gaps = [];
    private readonly List<StorageDamage> _damages = [];
    private long _first;
    private long _last;

    /// <summary>Records by type; a type that this build does not know counts under its number.</summary>
    public IReadOnlyDictionary<JournalRecordType, long> Counts => _counts;

    /// <summary>Earliest and latest time of a call among the holds; null where there is none.</summary>
    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? Until { get; private set; }

    public int OpenHolds => _open.Count;

    public NanoUsd OpenHoldAmount => new(_open.Values.Sum(hold => hold.Amount.Value));

    /// <summary>What all ends charge together, nano-dollars.</summary>
    public Int128 Recorded { get; private set; }

    public IReadOnlyList<StorageDamage> Damages => _damages;

    /// <summary>Whether the journal still has its first record, so that all sums can be checked against it.</summary>
    public bool IsComplete => _first == 1 && _gaps.Count == 0;

    /// <summary>The slots whose whole history was read: all of a complete journal, else those that were opened in what is left.</summary>
    public IEnumerable<KeyValuePair<CounterKey, BudgetSlot>> KnownSlots =>
        _gaps.Count > 0 ? [] : _first == 1 ? _slots : _slots.Where(slot => _opened.Contains(slot.Key));

    public void Visit(in JournalRecord record)
    {
        if (_first == 0)
        {
            _first = record.Sequence;
        }
        else if (record.Sequence != _last + 1)
        {
            _gaps.Add((_last + 1, record.Sequence - 1));
        }
        _last = record.Sequence;
        var type = (JournalRecordType)record.Type;
        _counts[type] = _counts.GetValueOrDefault(type) + 1;
        try
        {
            Apply(type, record);
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException
            or JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            Add(record, $"a {Name(type)} record that cannot be read: {fault.Message}",
                "a newer build may have written it: verify with that one; else this is a defect of the program: keep the folder and report it");
        }
    }

    public static string Name(JournalRecordType type) => type switch
    {
        JournalRecordType.Hold => "hold",
        JournalRecordType.Settle => "settle",
        JournalRecordType.Void => "void",
        JournalRecordType.SlotOpened => "slot_opened",
        JournalRecordType.KeyChanged => "key_changed",
        JournalRecordType.Defer => "defer",
        JournalRecordType.Correct => "correct",
        JournalRecordType.Extend => "extend",
        JournalRecordType.Alert => "alert",
        JournalRecordType.Raise => "raise",
        JournalRecordType.Erase => "erase",
        _ => string.Create(CultureInfo.InvariantCulture, $"type_{(byte)type}"),
    };

    private void Apply(JournalRecordType type, in JournalRecord record)
    {
        switch (type)
        {
            case JournalRecordType.Hold:
                ApplyHold(record);
                break;
            case JournalRecordType.Settle or JournalRecordType.Void:
                var (settled, usage) = LedgerRecord.ReadEnd(record.Payload);
                End(record, settled, usage.Cost);
                break;
            case JournalRecordType.Defer:
                var deferred = LedgerRecord.ReadDefer(record.Payload, out var details);
                End(record, deferred, new DeferredAnswer(record.Sequence, [], details).Charge().Cost);
                break;
            case JournalRecordType.Correct:
                ApplyCorrect(record);
                break;
            case JournalRecordType.SlotOpened:
                if (record.Version > 1 && LedgerRecord.ReadOpened(record.Payload) is { } key)
                {
                    _opened.Add(key);
                    _slots.TryAdd(key, default);
                }
                break;
            case JournalRecordType.Extend:
                ApplyExtend(record);
                break;
            case JournalRecordType.Alert:
                LedgerRecord.ReadAlert(record.Payload);
                break;
            case JournalRecordType.Raise:
                BudgetRaise.Read(record.Payload, out _);
                break;
            case JournalRecordType.Erase:
                // Changes names and no amounts; the names' hashes mean nothing without the pepper.
                break;
            case JournalRecordType.KeyChanged:
                KeyRecord.Read(record.Payload.ToArray());
                break;
            default:
                Add(record, $"a record of type {record.Type}, which this build does not know", "verify with the build that wrote it");
                break;
        }
    }

    private void ApplyHold(in JournalRecord record)
    {
        var (amount, keys) = LedgerRecord.ReadHold(record.Payload, out var draft);
        var time = Telemetry.UsageRecordCodec.Read(draft).Time;
        From = From < time ? From : time;
        Until = Until > time ? Until : time;
        _open.Add(record.Sequence, (amount, keys));
        Change(keys, held: amount.Value, spent: 0, overrun: 0);
    }

    private void ApplyExtend(in JournalRecord record)
    {
        var (hold, more) = LedgerRecord.ReadExtend(record.Payload);
        if (_open.TryGetValue(hold, out var held))
        {
            _open[hold] = held with { Amount = held.Amount + more };
            Change(held.Slots, held: more.Value, spent: 0, overrun: 0);
        }
        else
        {
            AddOrphan(record, hold);
        }
    }

    private void ApplyCorrect(in JournalRecord record)
    {
        var (reader, answer, usage) = LedgerRecord.ReadCorrect(record.Payload);
        Change(answer.Slots, held: 0, usage.Cost.Value, Math.Max(0, usage.Cost.Value));
        End(record, reader, NanoUsd.Zero);
        Recorded += usage.Cost.Value;
    }

    private void End(in JournalRecord record, long hold, NanoUsd cost)
    {
        Recorded += cost.Value;
        if (_open.Remove(hold, out var held))
        {
            Change(held.Slots, -held.Amount.Value, cost.Value, Math.Max(0, cost.Value - held.Amount.Value));
        }
        else
        {
            AddOrphan(record, hold);
        }
    }

    /// <summary>A record of a hold that is not open, unless that may lie in a part that is not there.</summary>
    private void AddOrphan(in JournalRecord record, long hold)
    {
        if (hold >= _first && !_gaps.Exists(gap => hold >= gap.First && hold <= gap.Last))
        {
            Add(record, $"belongs to hold {hold}, which is not open", "this is a defect of the program: keep the folder and report it");
        }
    }

    private void Change(CounterKey[] keys, long held, long spent, long overrun)
    {
        foreach (var key in keys)
        {
            var slot = _slots.GetValueOrDefault(key);
            slot.Held = checked(slot.Held + held);
            slot.Spent = checked(slot.Spent + spent);
            slot.Overrun = checked(slot.Overrun + overrun);
            _slots[key] = slot;
        }
    }

    private void Add(in JournalRecord record, string what, string advice) =>
        _damages.Add(new StorageDamage(string.Create(CultureInfo.InvariantCulture, $"journal record {record.Sequence}"), what, advice));
}
