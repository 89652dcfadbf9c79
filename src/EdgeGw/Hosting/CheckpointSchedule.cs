using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting;

/// <summary>Takes a checkpoint now and then while anything changes, so that a start replays seconds and not months.</summary>
internal sealed class CheckpointSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public CheckpointSchedule(DataStore store, TimeProvider time, GatewayLog log)
    {
        _loop = RunAsync(store, time, log, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static async Task RunAsync(DataStore store, TimeProvider time, GatewayLog log, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var covered = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var sequence = store.Journal.LastSequence;
                if (sequence == covered || store.Journal.Fault is not null)
                {
                    continue;
                }
                try
                {
                    await store.CheckpointAsync(stop);
                    covered = sequence;
                }
                catch (Exception exception) when (exception is StorageException or IOException)
                {
                    log.CheckpointFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: the closing checkpoint is the host's.
        }
    }
}
