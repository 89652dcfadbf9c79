using System.Collections.Concurrent;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>Every call that reached the fake provider, and every rule that the sender broke.</summary>
internal sealed class ProviderLedger
{
    private readonly ConcurrentDictionary<string, ProviderCall> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();
    private long _sequence;

    public ICollection<ProviderCall> Calls => _calls.Values;

    /// <summary>What a well-behaved gateway never sends: another credential, our own headers, hop-by-hop headers.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    public ProviderCall this[string id] => _calls[id];

    public bool TryFind(string id, out ProviderCall call) => _calls.TryGetValue(id, out call!);

    public string NextId() => $"n{Interlocked.Increment(ref _sequence)}";

    /// <summary>Opens a row. A repeated id (a retry by the gateway) gets a row of its own, because the provider bills each.</summary>
    public ProviderCall Open(Func<string, ProviderCall> create, string id)
    {
        for (var attempt = 1; ; attempt++)
        {
            var call = create(attempt == 1 ? id : $"{id}.{attempt}");
            if (_calls.TryAdd(call.Id, call))
            {
                return call;
            }
        }
    }

    public void Violate(string what) => _violations.Enqueue(what);

    /// <summary>Waits until no call is running any more.</summary>
    public async Task QuiesceAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        while (_calls.Values.Any(call => call.Ending == CallEnding.Running))
        {
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException("Still running at the provider: " + _calls.Values.First(call => call.Ending == CallEnding.Running));
            }
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
