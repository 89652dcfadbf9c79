namespace EdgeGw.Hosting;

/// <summary>Runs a piece of work one at a time. Whoever asks while it runs shares one more run after it, however many they are.</summary>
internal sealed class SingleFlight<T>(Func<T> work)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task<T>? _waiting;

    /// <summary>The result of a run that begins after this call.</summary>
    public Task<T> RunAsync()
    {
        lock (_gate)
        {
            return _waiting ??= RunAfterAsync(_running);
        }
    }

    private async Task<T> RunAfterAsync(Task previous)
    {
        // Yields always: the caller holds the lock.
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running = _waiting!;
            _waiting = null;
        }
        return work();
    }
}
