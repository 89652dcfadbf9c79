using EdgeGw.Budgets;
using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>The last calls of a journal, read from its end. Keeps no more of them than were asked for, and those of one page.</summary>
internal sealed class JournalReader
{
    private readonly int _last;
    private readonly TextCache _known = new();
    private readonly Dictionary<long, List<(long Sequence, NanoUsd Amount)>> _growth = [];
    private readonly List<(long Sequence, byte[] Payload)> _erasures = [];
    private List<JournaledCall> _calls = [];
    private long _first = long.MaxValue;
    private long _oldestHold;
    private bool _isFull;

    private JournalReader(int last) => _last = last;

    /// <summary>In the order in which they ended. Names of erased persons are those that the erasure put in their place.</summary>
    /// <param name="pepper">Reads the key pepper, where there are erasures.</param>
    /// <exception cref="StorageException">The journal cannot be read.</exception>
    /// <exception cref="InvalidDataException">A newer build wrote it.</exception>
    public static IReadOnlyList<JournaledCall> Read(string dataFolder, int last, Func<byte[]> pepper)
    {
        var reader = new JournalReader(last);
        JournalTail.Read(dataFolder, reader.Visit, reader.IsEnough);
        reader.Cut();
        return reader.Erased(pepper);
    }

    private void Visit(in JournalRecord record)
    {
        _first = Math.Min(_first, record.Sequence);
        switch ((JournalRecordType)record.Type)
        {
            case JournalRecordType.Settle or JournalRecordType.Void when !_isFull:
                var (hold, ended) = LedgerRecord.ReadEnd(record.Payload, _known);
                _calls.Add(new JournaledCall(ended, hold, record.Sequence, (JournalRecordType)record.Type));
                break;
            case JournalRecordType.Defer when !_isFull:
                var deferred = LedgerRecord.ReadDefer(record.Payload, out var details);
                _calls.Add(new JournaledCall(new DeferredAnswer(record.Sequence, [], details).Charge(), deferred, record.Sequence, JournalRecordType.Defer));
                break;
            case JournalRecordType.Correct when !_isFull:
                var (reading, answer, correction) = LedgerRecord.ReadCorrect(record.Payload);
                _calls.Add(new JournaledCall(correction, reading, record.Sequence, JournalRecordType.Correct, answer.Sequence));
                break;
            case JournalRecordType.Extend:
                var (grown, amount) = LedgerRecord.ReadExtend(record.Payload);
                if (!_growth.TryGetValue(grown, out var growth))
                {
                    _growth.Add(grown, growth = []);
                }
                growth.Add((record.Sequence, amount));
                break;
            case JournalRecordType.Erase:
                _erasures.Add((record.Sequence, record.Payload.ToArray()));
                break;
        }
    }

    /// <summary>Once the calls are there, what their holds grew by may still lie before.</summary>
    private bool IsEnough()
    {
        if (!_isFull && _calls.Count >= _last)
        {
            _isFull = true;
            Cut();
            _oldestHold = _calls.Min(static call => call.HoldSequence);
        }
        return _isFull && _first <= _oldestHold;
    }

    private void Cut() => _calls = [.. _calls.OrderByDescending(static call => call.EndSequence).Take(_last)];

    private List<JournaledCall> Erased(Func<byte[]> pepper)
    {
        (long Sequence, Erasure Person)[] persons = [];
        if (_erasures.Count > 0)
        {
            var hasher = new KeyHasher(pepper());
            persons = [.. _erasures.Select(erasure => (erasure.Sequence, Erasure.Read(erasure.Payload, hasher)))];
        }
        var calls = new List<JournaledCall>(_calls.Count);
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            var record = persons.Where(person => person.Sequence > call.EndSequence).Aggregate(call.Record, static (record, person) => person.Person.Apply(record));
            calls.Add(call with { Record = record, Growth = _growth.GetValueOrDefault(call.HoldSequence) ?? [] });
        }
        return calls;
    }
}
