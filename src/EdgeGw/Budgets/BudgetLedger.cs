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
/// moment what a replay up to that sequence gives. The lock is held for memory work only; what must be read from disk is read before.
/// </remarks>
public sealed class BudgetLedger
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    [ThreadStatic]
    private static List<ScopeOfCall>? _scopes;

    [ThreadStatic]
    private static LoadedSlots? _loaded;

    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly UsageRollup _rollup;
    private readonly SlotDirectory _directory;
    private readonly DeferredAnswers _deferred;
    private readonly BudgetRaises _raises;
    private readonly TimeProvider _time;
    private readonly BudgetAccounts _accounts;
    private readonly CallSlots _slots;
    private readonly OpenHolds _open = new();
    private readonly bool _urgentHolds;
    private BudgetRule[] _rules = [];

    /// <param name="urgentHolds">Somebody waits for each hold to be on disk; ends of holds are waited for by nobody.</param>
    internal BudgetLedger(
        Journal journal, BudgetAccounts accounts, UsageRollup rollup, SlotDirectory directory, DeferredAnswers deferred, BudgetRaises raises,
        TimeProvider time, bool urgentHolds)
    {
        _journal = journal;
        _accounts = accounts;
        _rollup = rollup;
        _directory = directory;
        _deferred = deferred;
        _raises = raises;
        _time = time;
        _urgentHolds = urgentHolds;
        _slots = new CallSlots(accounts, raises);
    }

    /// <summary>Told of every threshold that a budget has reached, outside of the lock and by the thread that settles: it must not wait.</summary>
    public Action<BudgetAlert>? Alerted { get; set; }

    public int OpenHolds => _open.Count;

    /// <summary>The sum of all open holds' amounts.</summary>
    public NanoUsd OpenHoldAmount => new(_open.Amount);

    /// <summary>From now on calls are held against these budgets. What was spent stays: a budget is known by its name and window, not by its amount.</summary>
    public void UseRules(IEnumerable<BudgetConfig> budgets)
    {
        lock (_gate)
        {
            _accounts.ForgetAmounts();
            Volatile.Write(ref _rules, [.. budgets.Select(budget => new BudgetRule(budget, _accounts.BookOf(budget)))]);
        }
    }

    /// <summary>Whether a budget could refuse the call: a model without a price is refused only then.</summary>
    /// <param name="draft">The record of the call as far as it is known.</param>
    public bool CouldRefuse(Principal principal, UsageRecord draft) =>
        ScopesOf(Volatile.Read(ref _rules), CallSubject.Of(principal, draft), _time.GetUtcNow()).Exists(static scope => scope.Rule.CanRefuse);

    /// <summary>Sets <paramref name="amount"/> aside on every budget that applies, or on none.</summary>
    /// <param name="draft">The record of the call as far as it is known; recovery settles with it after a crash.</param>
    /// <param name="downgraded">The call goes already where such budgets want it, and passes them.</param>
    /// <param name="reuse">The object to return; it must have ended.</param>
    /// <exception cref="StorageException">The journal takes no records: the node is out of money service.</exception>
    public HoldResult TryHold(Principal principal, NanoUsd amount, UsageRecord draft, bool downgraded = false, Hold? reuse = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount.Value);
        if (reuse is { IsOpen: true })
        {
            throw new InvalidOperationException("the hold has not ended");
        }
        var now = _time.GetUtcNow();
        var rules = Volatile.Read(ref _rules);
        var payload = Scratch();
        if (CallPlan.Of(principal, rules, draft) is { } plan)
        {
            plan.Prefetch();
            RememberedRow.Prefetch(principal);
            var keysOfPlan = LedgerRecord.WriteHold(payload, amount, plan.Entries.Length, draft);
            lock (_gate)
            {
                if (_slots.TryFollow(plan, now))
                {
                    return Hold(now, amount, payload, keysOfPlan, downgraded, reuse);
                }
            }
            payload.ResetWrittenCount();
        }
        var scopes = ScopesOf(rules, CallSubject.Of(principal, draft), now);
        var keys = LedgerRecord.WriteHold(payload, amount, scopes.Count, draft);
        LoadedSlots? loaded = null;
        for (var departures = 0L; ; _accounts.ReadAhead(scopes, now, _gate, loaded))
        {
            lock (_gate)
            {
                if (!_slots.TryFind(scopes, now))
                {
                    if (loaded is null)
                    {
                        departures = _accounts.Slots.Departures;
                        loaded = _loaded ??= new LoadedSlots();
                        continue;
                    }
                    _slots.Open(scopes, departures == _accounts.Slots.Departures ? loaded : null, now);
                }
                CallPlan.Remember(principal, rules, draft, _slots.All);
                principal.StartNotes();
                return Hold(now, amount, payload, keys, downgraded, reuse);
            }
        }
    }

    /// <summary>Sets more aside for a running call, on every budget of its hold, or nothing where one that stops streams has no room.</summary>
    /// <param name="full">The budget that has no room; null: the hold has grown, or had ended already.</param>
    /// <exception cref="StorageException">The journal takes no records.</exception>
    public bool TryExtend(Hold hold, NanoUsd amount, out string? full)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount.Value);
        full = null;
        var payload = Scratch();
        LedgerRecord.WriteExtend(payload, hold.Sequence, amount);
        lock (_gate)
        {
            foreach (var held in hold.Slots)
            {
                if (held.Rule.IsHard && !held.HasRoomFor(amount))
                {
                    full = held.Rule.Name;
                    return false;
                }
            }
            if (!hold.IsOpen)
            {
                return false;
            }
            var sequence = _journal.AppendLazily((byte)JournalRecordType.Extend, LedgerRecord.Version, payload.WrittenSpan);
            foreach (var held in hold.Slots)
            {
                _accounts.Slots.Change(held.Slot, held.Slot.Value.WithHold(amount.Value, sequence));
            }
            _open.Grow(hold, amount);
            return true;
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
        var sequence = hold.Sequence;
        if (!hold.TryEnd())
        {
            return false;
        }
        var payload = Scratch();
        LedgerRecord.WriteDefer(payload, sequence, id, model, inputBytes, record);
        List<BudgetAlert>? alerts = null;
        lock (_gate)
        {
            sequence = _journal.Append((byte)JournalRecordType.Defer, LedgerRecord.Version, payload.WrittenSpan);
            var slots = new CounterKey[hold.Slots.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = hold.Slots[i].Slot.Key;
            }
            tightest = EndSlots(hold, record.Cost, sequence, ref alerts);
            _rollup.Add(record);
            LedgerRecord.ReadDefer(payload.WrittenSpan, out var details);
            _deferred.Add(new DeferredAnswer(sequence, slots, details));
        }
        Tell(alerts);
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
        List<BudgetAlert>? alerts = null;
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
                _accounts.Slots.Correct(key, record.Cost.Value, sequence);
            }
            tightest = EndSlots(hold, NanoUsd.Zero, sequence, ref alerts);
            _rollup.Add(record);
            _deferred.Remove(answer);
        }
        Tell(alerts);
        return true;
    }

    /// <summary>Lets a scope of a budget, or all of them, spend more until an instant.</summary>
    /// <exception cref="StorageException">The journal takes no records.</exception>
    public long Raise(BudgetRaise raise)
    {
        var payload = Scratch();
        raise.Write(payload);
        lock (_gate)
        {
            var sequence = _journal.Append((byte)JournalRecordType.Raise, LedgerRecord.Version, payload.WrittenSpan);
            _raises.Add(raise);
            return sequence;
        }
    }

    /// <summary>Puts a pseudonym in the place of a person's names in all that was counted so far; amounts stay, and so does what budgets have spent.</summary>
    /// <returns>The journal's record, and what was changed.</returns>
    /// <exception cref="StorageException">The journal takes no records; nothing was changed.</exception>
    public (long Sequence, ErasureResult Result) Erase(Erasure person)
    {
        lock (_gate)
        {
            var sequence = _journal.Append((byte)JournalRecordType.Erase, LedgerRecord.Version, person.ToPayload());
            _deferred.Erase(person);
            return (sequence, new ErasureResult(person.Pseudonym, _rollup.Erase(person), _directory.Erase(person)));
        }
    }

    /// <summary>The budget of that name is in force.</summary>
    public bool Has(string budget) => Array.Exists(Volatile.Read(ref _rules), rule => rule.Name == budget);

    /// <summary>Every scope in a running window, shared budgets included even when nothing was spent yet.</summary>
    /// <param name="budget">Of this one alone; null: all.</param>
    /// <param name="only">This scope alone, also one that the directory has forgotten; null: all.</param>
    public IReadOnlyList<BudgetStatus> Statuses(string? budget = null, string? only = null)
    {
        var now = _time.GetUtcNow();
        var statuses = new List<BudgetStatus>();
        foreach (var rule in Volatile.Read(ref _rules).Where(rule => budget is null || rule.Name == budget))
        {
            var scopes = only is not null ? [only] : rule.IsShared ? [string.Empty] : _directory.Running(rule.Name, now);
            foreach (var scope in scopes)
            {
                statuses.Add(StatusOf(rule, scope, now));
            }
        }
        return statuses;
    }

    /// <summary>What a call would be held on as it stands now, each with what this caller may spend there. Holds nothing.</summary>
    /// <param name="draft">The record of the call as far as it is known.</param>
    internal IReadOnlyList<BudgetStatus> Preview(Principal principal, UsageRecord draft)
    {
        var now = _time.GetUtcNow();
        return [.. ScopesOf(Volatile.Read(ref _rules), CallSubject.Of(principal, draft), now).ToArray()
            .Select(scope => StatusOf(scope.Rule, scope.Scope, now) with { Limit = scope.Amount + scope.Raised })];
    }

    /// <summary>Runs <paramref name="capture"/> while nothing changes, with the sequence reached and the address of the oldest open hold, where a replay must start.</summary>
    internal void Freeze(Action<JournalPosition> capture)
    {
        lock (_gate)
        {
            var now = _journal.Position;
            capture(_open.Oldest is { } oldest ? now with { Address = oldest.AddressFloor } : now);
        }
    }

    /// <summary>Brings the store up to at least the last <see cref="Freeze"/>, for a checkpoint. Calls go on in between.</summary>
    internal void WriteBack()
    {
        List<LiveSlot> dirty;
        lock (_gate)
        {
            dirty = _accounts.Slots.Dirty();
        }
        foreach (var some in dirty.Chunk(64))
        {
            lock (_gate)
            {
                foreach (var slot in some)
                {
                    _accounts.Slots.WriteBack(slot);
                }
            }
        }
    }

    private List<ScopeOfCall> ScopesOf(BudgetRule[] rules, in CallSubject subject, DateTimeOffset now)
    {
        var scopes = _scopes ??= [];
        scopes.Clear();
        foreach (var rule in rules)
        {
            rule.AddScopesOf(subject, scopes);
        }
        _raises.Apply(scopes, now);
        return scopes;
    }

    private HoldResult Hold(DateTimeOffset now, NanoUsd amount, ArrayBufferWriter<byte> payload, int keys, bool downgraded, Hold? reuse)
    {
        var held = _slots.All;
        if (Admission.Decide(held, amount, downgraded, out var passed) is { } refusal)
        {
            return new HoldResult(null, refusal);
        }
        foreach (var slot in held)
        {
            Name(slot, now);
        }
        LedgerRecord.SetKeys(payload, keys, held);
        var floor = _journal.Position.Address;
        var sequence = _urgentHolds
            ? _journal.Append((byte)JournalRecordType.Hold, LedgerRecord.Version, payload.WrittenSpan)
            : _journal.AppendLazily((byte)JournalRecordType.Hold, LedgerRecord.Version, payload.WrittenSpan);
        foreach (var slot in held)
        {
            _accounts.Slots.Change(slot.Slot, slot.Slot.Value.WithHold(amount.Value, sequence));
            slot.Slot.Users++;
            slot.Account.OpenHolds++;
        }
        var hold = reuse ?? new Hold();
        _slots.GiveTo(hold, sequence, floor, amount);
        _open.Add(hold);
        return new HoldResult(hold, null, passed);
    }

    private bool End(Hold hold, UsageRecord record, JournalRecordType type, out BudgetRemainder? tightest)
    {
        tightest = null;
        var holdSequence = hold.Sequence;
        if (!hold.TryEnd())
        {
            return false;
        }
        var payload = Scratch();
        LedgerRecord.WriteEnd(payload, holdSequence, record);
        List<BudgetAlert>? alerts = null;
        lock (_gate)
        {
            var sequence = _journal.AppendLazily((byte)type, LedgerRecord.Version, payload.WrittenSpan);
            tightest = EndSlots(hold, record.Cost, sequence, ref alerts);
            _rollup.Add(record);
        }
        Tell(alerts);
        return true;
    }

    /// <summary>Takes a hold off its slots, charges them, and tells what the tightest of them has left.</summary>
    private BudgetRemainder? EndSlots(Hold hold, NanoUsd cost, long sequence, ref List<BudgetAlert>? alerts)
    {
        BudgetRemainder? tightest = null;
        foreach (var held in hold.Slots)
        {
            _accounts.Slots.Change(held.Slot, held.Slot.Value.WithEnd(hold.Amount.Value, cost.Value, sequence));
            // What only watches is no limit that the caller could run into.
            if (held.Rule.AtLimit != AtLimit.Shadow && held.Remaining is var remaining && (tightest is null || remaining < tightest.Value.Remaining))
            {
                tightest = new BudgetRemainder(remaining, held.Reset(NanoUsd.Zero));
            }
            if (held.Rule.Alerts.Length > 0)
            {
                Alert(held, ref alerts);
            }
        }
        foreach (var held in hold.Slots)
        {
            held.Account.OpenHolds--;
            _accounts.Slots.Release(held.Slot);
        }
        _open.Remove(hold);
        hold.Clear();
        return tightest;
    }

    /// <summary>Journals whose the slot is, once for each window.</summary>
    private void Name(in HeldSlot held, DateTimeOffset now)
    {
        if (held.Account.IsNamed)
        {
            return;
        }
        held.Account.IsNamed = true;
        var window = held.Rule.Book.Window;
        var end = held.Slot.Window.End;
        var (atLeast, until) = window.IsRolling ? (end + window.Length, end + (2 * window.Length)) : (end, end);
        var isFresh = held.Slot.Value == default;
        // A slot of a calendar window that was in use before was named then.
        if (_directory.TryAdd(held.Rule.Name, held.Account.Scope, now, atLeast, until) && (isFresh || window.IsRolling))
        {
            var payload = new ArrayBufferWriter<byte>();
            LedgerRecord.WriteOpened(payload, held.Rule.Name, held.Account.Scope, until, isFresh ? held.Slot.Key : null);
            _journal.AppendLazily((byte)JournalRecordType.SlotOpened, LedgerRecord.Version, payload.WrittenSpan);
        }
    }

    private void Alert(in HeldSlot held, ref List<BudgetAlert>? alerts)
    {
        var spent = held.Spent;
        var told = held.Account.AlertedIn(held.Slot);
        var reached = told;
        foreach (var percent in held.Rule.Alerts)
        {
            if (percent > told && (Int128)spent * 100 >= (Int128)held.Limit.Value * percent)
            {
                (alerts ??= []).Add(new BudgetAlert(held.Rule.Name, held.Account.Scope, percent, new NanoUsd(spent), held.Limit, held.Slot.Window, _time.GetUtcNow()));
                reached = percent;
            }
        }
        if (reached > told)
        {
            var payload = new ArrayBufferWriter<byte>();
            LedgerRecord.WriteAlert(payload, held.Slot.Key, reached);
            var sequence = _journal.AppendLazily((byte)JournalRecordType.Alert, LedgerRecord.Version, payload.WrittenSpan);
            _accounts.Slots.Change(held.Slot, held.Slot.Value.WithAlert(reached, sequence));
        }
    }

    private void Tell(List<BudgetAlert>? alerts)
    {
        for (var i = 0; i < alerts?.Count; i++)
        {
            Alerted?.Invoke(alerts[i]);
        }
    }

    private BudgetStatus StatusOf(BudgetRule rule, string scope, DateTimeOffset now)
    {
        var raised = _raises.Of(rule.Name, scope, now);
        lock (_gate)
        {
            if (_accounts.StatusOf(rule, scope, now, raised) is { } inUse)
            {
                return inUse;
            }
        }
        var loaded = _accounts.ReadAhead(rule.Book, scope, now);
        lock (_gate)
        {
            return _accounts.StatusOf(rule, scope, now, loaded.Of(0), raised);
        }
    }

    private static ArrayBufferWriter<byte> Scratch()
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(1024);
        scratch.ResetWrittenCount();
        return scratch;
    }
}
