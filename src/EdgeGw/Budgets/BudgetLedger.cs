using System.Buffers;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Budgets;

/// <summary>Holds and settlements: the only code that changes what was spent. Every change is a journal record first.</summary>
/// <remarks>
/// One lock orders journal and counters alike: a record's sequence is taken and the slots are changed inside it, so the counters are at every
/// moment what a replay up to that sequence gives. The lock is held for memory work only, about a microsecond, never across a wait.
/// </remarks>
public sealed class BudgetLedger
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    [ThreadStatic]
    private static List<HeldSlot>? _candidates;

    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly CounterStore<BudgetSlot> _slots;
    private readonly UsageRollup _rollup;
    private readonly SlotDirectory _directory;
    private readonly DeferredAnswers _deferred;
    private readonly TimeProvider _time;
    private readonly Dictionary<long, Hold> _open = [];
    private readonly BudgetRule[] _rules;
    /// <summary>The slots of the call at hand, read once; only used under the lock.</summary>
    private BudgetSlot[] _values;
    private readonly bool _urgentHolds;
    private long _heldTotal;

    /// <param name="urgentHolds">Somebody waits for each hold to be on disk; ends of holds are waited for by nobody.</param>
    internal BudgetLedger(
        Journal journal, CounterStore<BudgetSlot> slots, UsageRollup rollup, SlotDirectory directory, DeferredAnswers deferred,
        IEnumerable<BudgetRule> rules, TimeProvider time, bool urgentHolds)
    {
        _journal = journal;
        _slots = slots;
        _rollup = rollup;
        _directory = directory;
        _deferred = deferred;
        _rules = [.. rules];
        _values = new BudgetSlot[_rules.Length];
        _time = time;
        _urgentHolds = urgentHolds;
    }

    /// <summary>Whether a budget could refuse the call: a model without a price is refused only then.</summary>
    /// <param name="draft">The record of the call as far as it is known.</param>
    public bool CouldRefuse(Principal principal, UsageRecord draft) =>
        _rules.Length > 0 && SlotsOf(CallSubject.Of(principal, draft)).Any(static held => held.Rule.AtLimit == AtLimit.Block);

    public int OpenHolds
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>The sum of all open holds' amounts.</summary>
    public NanoUsd OpenHoldAmount => new(Volatile.Read(ref _heldTotal));

    /// <summary>Sets <paramref name="amount"/> aside on every budget that applies, or on none.</summary>
    /// <param name="draft">The record of the call as far as it is known; recovery settles with it after a crash.</param>
    /// <exception cref="StorageException">The journal takes no records: the node is out of money service.</exception>
    public HoldResult TryHold(Principal principal, NanoUsd amount, UsageRecord draft)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount.Value);
        var slots = SlotsOf(CallSubject.Of(principal, draft));
        var payload = Scratch();
        LedgerRecord.WriteHold(payload, amount, slots, draft);
        lock (_gate)
        {
            if (_values.Length < slots.Length)
            {
                _values = new BudgetSlot[slots.Length];
            }
            for (var i = 0; i < slots.Length; i++)
            {
                _slots.TryRead(slots[i].Slot.Key, out _values[i]);
            }
            if (FirstWithoutRoom(slots, amount, out var passed) is { } refusal)
            {
                return new HoldResult(null, refusal);
            }
            foreach (var slot in slots)
            {
                OpenSlot(slot.Slot);
            }
            var floor = _journal.Position.Address;
            var sequence = _urgentHolds
                ? _journal.Append((byte)JournalRecordType.Hold, LedgerRecord.Version, payload.WrittenSpan)
                : _journal.AppendLazily((byte)JournalRecordType.Hold, LedgerRecord.Version, payload.WrittenSpan);
            for (var i = 0; i < slots.Length; i++)
            {
                _values[i].Held = checked(_values[i].Held + amount.Value);
                _values[i].AppliedSequence = sequence;
                _slots.Write(slots[i].Slot.Key, _values[i]);
            }
            var hold = new Hold(sequence, floor, amount, slots);
            _open.Add(sequence, hold);
            _heldTotal += amount.Value;
            return new HoldResult(hold, null, passed);
        }
    }

    /// <summary>Ends a hold with what the call really cost, which may be more than was held: that is booked, never dropped.</summary>
    /// <param name="tightest">The budget of this hold that has least left after it; null without budgets, or when the hold had ended already.</param>
    /// <returns>False when the hold had ended already; nothing changes then.</returns>
    /// <exception cref="StorageException">The journal takes no records; after a restart the hold counts at its full value.</exception>
    public bool Settle(Hold hold, UsageRecord record, out BudgetRemainder? tightest) => End(hold, record, JournalRecordType.Settle, out tightest);

    /// <summary>Ends a hold without a charge: nothing was sent, or the provider refused.</summary>
    /// <inheritdoc cref="Settle"/>
    public bool Void(Hold hold, UsageRecord record, out BudgetRemainder? tightest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(record.Cost.Value, 0);
        return End(hold, record, JournalRecordType.Void, out tightest);
    }

    /// <summary>
    /// Ends a hold with its full value, presumed, because the answer is made in the background; remembers the answer by the provider's id, so that
    /// <see cref="TryCorrect"/> can put its true cost in place of what was presumed.
    /// </summary>
    /// <param name="id">The provider's id of the answer.</param>
    /// <param name="model">The model that the provider was asked for.</param>
    /// <param name="inputBytes">Size of the request's body.</param>
    /// <inheritdoc cref="Settle"/>
    public bool Defer(Hold hold, UsageRecord record, string id, string model, long inputBytes, out BudgetRemainder? tightest)
    {
        tightest = null;
        if (!hold.TryEnd())
        {
            return false;
        }
        var payload = Scratch();
        LedgerRecord.WriteDefer(payload, hold.Sequence, id, model, inputBytes, record);
        lock (_gate)
        {
            var sequence = _journal.Append((byte)JournalRecordType.Defer, LedgerRecord.Version, payload.WrittenSpan);
            tightest = EndSlots(hold, record.Cost, sequence);
            _rollup.Add(record);
            LedgerRecord.ReadDefer(payload.WrittenSpan, out var details);
            _deferred.Add(new DeferredAnswer(sequence, [.. hold.Slots.Select(slot => slot.Slot.Key)], details));
        }
        return true;
    }

    /// <summary>The background answer of that id whose usage is still to come; null when there is none, or none any more.</summary>
    public DeferredAnswer? FindDeferred(string provider, string id)
    {
        lock (_gate)
        {
            return _deferred.Find(provider, id);
        }
    }

    /// <summary>Ends the hold of the request that read a background answer's end, and what the answer was charged becomes what it cost.</summary>
    /// <param name="hold">Of the request that read; of nothing, since reading is free.</param>
    /// <param name="record">Its cost is the difference to what was presumed, up or down; it must name the charge that it corrects.</param>
    /// <param name="tightest">Of the request that read.</param>
    /// <returns>False when another request was faster: nothing has changed, and the hold is still to be ended.</returns>
    /// <exception cref="StorageException">The journal takes no records; after a restart the answer stands as it was.</exception>
    public bool TryCorrect(Hold hold, DeferredAnswer answer, UsageRecord record, out BudgetRemainder? tightest)
    {
        ArgumentNullException.ThrowIfNull(record.Corrects);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hold.Amount.Value, 0);
        tightest = null;
        var payload = Scratch();
        LedgerRecord.WriteCorrect(payload, hold.Sequence, answer, record);
        lock (_gate)
        {
            if (!ReferenceEquals(_deferred.Find(answer.Provider, answer.Id), answer) || !hold.TryEnd())
            {
                return false;
            }
            var sequence = _journal.AppendLazily((byte)JournalRecordType.Correct, LedgerRecord.Version, payload.WrittenSpan);
            foreach (var key in answer.Slots)
            {
                _slots.TryRead(key, out var value);
                _slots.Write(key, LedgerReplay.Corrected(value, record.Cost, sequence));
            }
            tightest = EndSlots(hold, NanoUsd.Zero, sequence);
            _rollup.Add(record);
            _deferred.Remove(answer);
        }
        return true;
    }

    /// <summary>Every slot of the running windows, shared budgets included even when nothing was spent yet.</summary>
    public IReadOnlyList<BudgetStatus> Statuses()
    {
        var now = _time.GetUtcNow();
        var statuses = new List<BudgetStatus>();
        foreach (var rule in _rules)
        {
            var slots = _directory.Current(rule.Name, now);
            if (rule.IsShared && slots.Count == 0)
            {
                slots = [rule.SlotOf(string.Empty, now)];
            }
            statuses.AddRange(slots.Select(slot => StatusOf(rule, slot)));
        }
        return statuses;
    }

    /// <summary>Runs <paramref name="capture"/> while nothing changes, with the sequence reached and the address of the oldest open hold, where a replay must start.</summary>
    internal void Freeze(Action<JournalPosition> capture)
    {
        lock (_gate)
        {
            var now = _journal.Position;
            capture(_open.Count == 0 ? now : now with { Address = _open.Values.Min(hold => hold.AddressFloor) });
        }
    }

    private bool End(Hold hold, UsageRecord record, JournalRecordType type, out BudgetRemainder? tightest)
    {
        tightest = null;
        if (!hold.TryEnd())
        {
            return false;
        }
        var payload = Scratch();
        LedgerRecord.WriteEnd(payload, hold.Sequence, record);
        lock (_gate)
        {
            var sequence = _journal.AppendLazily((byte)type, LedgerRecord.Version, payload.WrittenSpan);
            tightest = EndSlots(hold, record.Cost, sequence);
            _rollup.Add(record);
        }
        return true;
    }

    /// <summary>Takes a hold off its slots, charges them, and tells what the tightest of them has left.</summary>
    private BudgetRemainder? EndSlots(Hold hold, NanoUsd cost, long sequence)
    {
        BudgetRemainder? tightest = null;
        for (var i = 0; i < hold.Slots.Length; i++)
        {
            var held = hold.Slots[i];
            _slots.TryRead(held.Slot.Key, out var value);
            value = LedgerReplay.Ended(value, hold.Amount, cost, sequence);
            _slots.Write(held.Slot.Key, value);
            // What only watches is no limit that the caller could run into.
            if (held.Rule.AtLimit != AtLimit.Shadow && held.RemainingOf(value) is var remaining && (tightest is null || remaining < tightest.Value.Remaining))
            {
                tightest = new BudgetRemainder(remaining, held.Slot.Window.End);
            }
        }
        _open.Remove(hold.Sequence);
        _heldTotal -= hold.Amount.Value;
        return tightest;
    }

    private HeldSlot[] SlotsOf(in CallSubject subject)
    {
        if (_rules.Length == 0)
        {
            return [];
        }
        var now = _time.GetUtcNow();
        var slots = _candidates ??= [];
        slots.Clear();
        foreach (var rule in _rules)
        {
            rule.AddSlotsOf(subject, now, slots);
        }
        return [.. slots];
    }

    private BudgetRefusal? FirstWithoutRoom(HeldSlot[] slots, NanoUsd amount, out List<BudgetRefusal>? passed)
    {
        passed = null;
        // A call that cannot cost anything (a local model) passes an exhausted budget: acceptance case 40.
        if (amount == NanoUsd.Zero)
        {
            return null;
        }
        for (var i = 0; i < slots.Length; i++)
        {
            var (rule, slot, limit) = slots[i];
            if (checked((Int128)_values[i].Spent + _values[i].Held + amount.Value) <= limit.Value)
            {
                continue;
            }
            var excess = new BudgetRefusal(slot.Budget, slot.Scope, limit, slots[i].RemainingOf(_values[i]), slot.Window.End) { Action = rule.AtLimit };
            if (rule.AtLimit == AtLimit.Block)
            {
                return excess;
            }
            (passed ??= []).Add(excess);
        }
        return null;
    }

    private void OpenSlot(SlotReference slot)
    {
        if (_directory.TryAdd(slot))
        {
            var payload = new ArrayBufferWriter<byte>();
            LedgerRecord.WriteSlot(payload, slot);
            _journal.AppendLazily((byte)JournalRecordType.SlotOpened, LedgerRecord.Version, payload.WrittenSpan);
        }
    }

    private BudgetStatus StatusOf(BudgetRule rule, SlotReference slot)
    {
        _slots.TryRead(slot.Key, out var value);
        return new BudgetStatus(rule.Name, slot.Scope, rule.LimitOf(slot), new NanoUsd(value.Spent), new NanoUsd(value.Held), slot.Window.Start, slot.Window.End);
    }

    private static ArrayBufferWriter<byte> Scratch()
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(1024);
        scratch.ResetWrittenCount();
        return scratch;
    }
}
