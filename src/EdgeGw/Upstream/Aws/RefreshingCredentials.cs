namespace EdgeGw.Upstream.Aws;

/// <summary>Credentials that rotate: kept while they are fresh, fetched anew in the background before they expire, by one flight at a time.</summary>
/// <remarks>A call waits only where there are no valid credentials at all. After a failed fetch nothing is asked for <see cref="Pause"/>.</remarks>
internal sealed class RefreshingCredentials(IAwsCredentialFetcher fetcher, TimeProvider time) : AwsCredentialSource
{
    /// <summary>Between a failed fetch and the next one.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Before the expiry. AWS has new ones ready by then (five minutes ahead on EC2, fifteen in containers).</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>A file without an expiry is read again this often.</summary>
    public static readonly TimeSpan Unlimited = TimeSpan.FromMinutes(5);

    /// <summary>Left for the request to reach AWS.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile State _state = new(default, DateTimeOffset.MinValue);
    private Task<AwsCredentialsResult>? _flight;

    public override ValueTask<AwsCredentialsResult> GetAsync(CancellationToken cancellation)
    {
        var state = _state;
        var now = time.GetUtcNow();
        if (now < state.Due)
        {
            return new(state.Result);
        }
        if (IsValid(state.Result.Credentials, now))
        {
            _ = RefreshAsync();
            return new(state.Result);
        }
        return new(RefreshAsync().WaitAsync(cancellation));
    }

    /// <summary>The fetch under way, or a new one.</summary>
    private Task<AwsCredentialsResult> RefreshAsync()
    {
        lock (_lock)
        {
            // On the pool: a fetcher may do work of its own before it first waits, such as reading a file.
            return _flight ??= Task.Run(FetchAsync);
        }
    }

    private async Task<AwsCredentialsResult> FetchAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var result = await fetcher.FetchAsync(patience.Token);
            var now = time.GetUtcNow();
            if (result.Credentials is { } fetched && !IsValid(fetched, now))
            {
                result = new(null, "the credentials that were handed out have expired");
            }
            if (result.Credentials is null && IsValid(_state.Result.Credentials, now))
            {
                result = new(_state.Result.Credentials, result.Fault);
            }
            _state = new(result, DueAfter(result, now));
            return result;
        }
        finally
        {
            lock (_lock)
            {
                _flight = null;
            }
        }
    }

    private static bool IsValid(AwsCredentials? credentials, DateTimeOffset now) =>
        credentials is not null && (credentials.Expires is not { } expires || now < expires - Margin);

    private static DateTimeOffset DueAfter(AwsCredentialsResult result, DateTimeOffset now)
    {
        if (result.Fault is not null)
        {
            var retry = now + Pause;
            return result.Credentials?.Expires - Margin is { } end && end < retry ? end : retry;
        }
        var expires = result.Credentials?.Expires;
        // Half of a life shorter than that is fresh, so that refreshing never becomes a loop.
        return expires is null ? now + Unlimited : expires.Value - TimeSpan.FromTicks(Math.Min(Ahead.Ticks, (expires.Value - now).Ticks / 2));
    }

    private sealed record State(AwsCredentialsResult Result, DateTimeOffset Due);
}
