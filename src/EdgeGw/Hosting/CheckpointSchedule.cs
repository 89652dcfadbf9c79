using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Hosting;

/// <summary>Takes a checkpoint now and then while anything changes, so that a start replays seconds and not months.</summary>
internal sealed class CheckpointSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly DataStore _store;
    private readonly GatewayLog _log;
    private readonly Counter _failed;
    private readonly Task _loop;
    private long _covered;
    private DateTimeOffset? _coveredUse;

    public CheckpointSchedule(DataStore store, TimeProvider time, GatewayLog log, Counter failed)
    {
        (_store, _log, _failed) = (store, log, failed);
        _loop = RunAsync(time);
    }

    /// <summary>Takes one, unless it would hold nothing new. A failure is reported: the journal has everything.</summary>
    public async Task TakeAsync()
    {
        var sequence = _store.Journal.LastSequence;
        var use = _store.Keys.LastUse;
        if ((sequence == _covered && use == _coveredUse) || _store.Journal.Fault is not null)
        {
            return;
        }
        try
        {
            // To its end, once begun: one given up half-way would be in the way of the closing one.
            await _store.CheckpointAsync(CancellationToken.None);
            (_covered, _coveredUse) = (sequence, use);
        }
        catch (Exception exception) when (exception is StorageException or IOException)
        {
            _failed.Increment();
            _log.CheckpointFailed(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await TakeAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: the closing checkpoint is the host's.
        }
    }
}
