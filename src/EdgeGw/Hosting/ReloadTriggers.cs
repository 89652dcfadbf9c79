using EdgeGw.Configuration;

namespace EdgeGw.Hosting;

/// <summary>Reloads the configuration at a signal, and when its files change.</summary>
/// <remarks>
/// Files are looked at every second and not watched: notifications miss network file systems, and follow neither an editor that replaces a
/// file nor the links of a mounted Kubernetes volume.
/// </remarks>
internal sealed class ReloadTriggers : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConfigReloader _reloader;
    private readonly Task _loops;

    public ReloadTriggers(ConfigReloader reloader, ReloadSignal? signal, TimeProvider time)
    {
        _reloader = reloader;
        _loops = Task.WhenAll(WatchAsync(time), ListenAsync(signal));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        FileStamps? changed = null;
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            var read = _reloader.Stamps;
            var now = read.Again();
            if (now.Equal(read))
            {
                changed = null;
            }
            else if (changed is null || !now.Equal(changed))
            {
                // Perhaps still being written: wait until it rests for a round.
                changed = now;
            }
            else
            {
                changed = null;
                await _reloader.ReloadAsync();
            }
        }
    }

    private async Task ListenAsync(ReloadSignal? signal)
    {
        if (signal is null)
        {
            return;
        }
        await foreach (var _ in signal.Wishes.ReadAllAsync(_stop.Token))
        {
            await _reloader.ReloadAsync();
        }
    }
}
