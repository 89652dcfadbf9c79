using EdgeGw.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace EdgeGw.Identity.Tokens;

/// <summary>The keys of one issuer: fetched in the background while those at hand serve on, by one flight at a time.</summary>
/// <remarks>
/// A token of a key that is not at hand may ask for a fetch, and all such tokens together for one in <see cref="Pause"/>. While the issuer cannot be reached its last keys count for
/// <see cref="Outage"/>. Nothing runs while nobody calls.
/// </remarks>
internal sealed class IssuerKeys(JwtConfig config, IssuerDocuments documents, TimeProvider time, Action<string?, bool> onFetched, Action onKeysLost)
{
    /// <summary>Keys older than this are fetched anew.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>How long keys count that cannot be fetched anew.</summary>
    public static readonly TimeSpan Outage = TimeSpan.FromHours(24);

    /// <summary>Between the starts of two fetches.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    /// <summary>The same, while there are no keys at all.</summary>
    public static readonly TimeSpan PauseWithout = TimeSpan.FromSeconds(5);

    /// <summary>A key that a fetch did not bring is not asked for again so soon.</summary>
    public static readonly TimeSpan Missing = TimeSpan.FromMinutes(5);

    private const int MostMissing = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);
    private volatile State _state = new(null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    private DateTimeOffset _lastStart = DateTimeOffset.MinValue;
    private Task? _flight;

    /// <summary>Whether signatures can be verified: keys are at hand, and not too old. Starts a fetch in the background when they are no longer fresh.</summary>
    public bool AreUsable(DateTimeOffset now) => Current(now) is not null;

    /// <summary>The keys for a token; none when the issuer has no such key; null when no keys are to be had at all.</summary>
    public async ValueTask<SecurityKey[]?> FindAsync(string? keyId, string algorithm, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var keys = Current(now);
        if (keys is null || (!keys.Has(keyId) && !IsMissing(keyId!, now)))
        {
            if (TryFetch(now) is not { } flight)
            {
                // The fetch of another may have ended since.
                return Current(now)?.Find(keyId, algorithm);
            }
            await flight.WaitAsync(cancellation);
            now = time.GetUtcNow();
            keys = Current(now);
            if (keys is not null && !keys.Has(keyId))
            {
                NoteMissing(keyId!, now);
            }
        }
        return keys?.Find(keyId, algorithm);
    }

    /// <summary>Fetches ahead of the first token.</summary>
    public Task WarmUpAsync() => TryFetch(time.GetUtcNow()) ?? Task.CompletedTask;

    private KeySet? Current(DateTimeOffset now)
    {
        var state = _state;
        // A clock that was set back must not keep old keys for as long.
        if (state.Keys is not null && (now >= state.Due || now < state.Fetched))
        {
            _ = TryFetch(now);
        }
        return now < state.Fetched + Outage ? state.Keys : null;
    }

    /// <summary>The fetch under way, or a new one; null: it is too early for one.</summary>
    private Task? TryFetch(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_flight is null)
            {
                var state = _state;
                if (now >= _lastStart && now < _lastStart + (state.Keys is not null && now < state.Fetched + Outage ? Pause : PauseWithout))
                {
                    return null;
                }
                _lastStart = now;
                _flight = Task.Run(FetchAsync);
            }
            return _flight;
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var fetched = await documents.KeysAsync(config);
            var now = time.GetUtcNow();
            var before = _state;
            if (fetched.Value is { } keys)
            {
                _state = new(keys, now, now + Fresh);
                if (before.Keys is { } old && !old.IsWithin(keys))
                {
                    onKeysLost();
                }
            }
            else
            {
                _state = before with { Due = now + Pause };
            }
            onFetched(fetched.Fault, fetched.IsInvalid);
        }
        finally
        {
            lock (_lock)
            {
                _flight = null;
            }
        }
    }

    private bool IsMissing(string keyId, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _missing.TryGetValue(keyId, out var until) && now < until;
        }
    }

    private void NoteMissing(string keyId, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_missing.Count >= MostMissing)
            {
                _missing.Clear();
            }
            _missing[keyId] = now + Missing;
        }
    }

    /// <param name="Due">When to fetch again.</param>
    private sealed record State(KeySet? Keys, DateTimeOffset Fetched, DateTimeOffset Due);
}
