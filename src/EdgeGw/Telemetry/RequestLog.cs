using System.Buffers;

namespace EdgeGw.Telemetry;

/// <summary>Writes each record as a JSON line to standard output or a file, from a bounded queue on a thread of its own.</summary>
/// <remarks>
/// A reader that stalls must not stall requests: when the queue is full the line is dropped and counted
/// (<c>edgegw_request_log_dropped_total</c>). Nothing is lost by that, because the journal holds every record. Its own thread, because a
/// full pipe blocks the write, and a blocked thread of the pool would be missed by the requests. A line may wait for up to ten milliseconds
/// for others: one wake-up and one write then serve them all.
/// </remarks>
public sealed class RequestLog : IAsyncDisposable
{
    private const int BatchBytes = 64 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly int _capacity;
    private readonly Func<Stream> _open;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<UsageRecord> _queue = [];
    private bool _idle;
    private bool _stopping;
    private bool _reopen;

    /// <param name="open">Opens the destination; called on the log's thread, again after <see cref="Reopen"/> or a failed write.</param>
    /// <param name="capacity">Records that may wait.</param>
    public RequestLog(Func<Stream> open, GatewayMetrics metrics, TimeProvider time, int capacity = 8192)
    {
        _open = open;
        _metrics = metrics;
        _time = time;
        _capacity = capacity;
        new Thread(Run) { IsBackground = true, Name = "edgegw request log" }.Start();
    }

    /// <summary>The log for a value of <c>log.requests</c>: <c>stdout</c>, a file's path (appended to, readable by its owner only), or null for <c>off</c>.</summary>
    /// <exception cref="IOException">The file cannot be opened: better said at start than found out at the first request.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static RequestLog? Open(string destination, GatewayMetrics metrics, TimeProvider time)
    {
        switch (destination)
        {
            case "off":
                return null;
            case "stdout":
                return new RequestLog(Console.OpenStandardOutput, metrics, time);
            default:
                OpenFile(destination).Dispose();
                return new RequestLog(() => OpenFile(destination), metrics, time);
        }
    }

    /// <summary>Queues a record; drops and counts it when the queue is full. Never blocks.</summary>
    public void Write(UsageRecord record)
    {
        lock (_gate)
        {
            if (!_stopping && _queue.Count < _capacity)
            {
                _queue.Add(record);
                // A thread that lingers comes by itself, unless the queue fills up meanwhile.
                if (_idle || _queue.Count == _capacity / 2)
                {
                    _idle = false;
                    Monitor.Pulse(_gate);
                }
                return;
            }
        }
        _metrics.RequestLogQueueFull.Increment();
    }

    /// <summary>Closes and opens the file before the next line, for log rotation.</summary>
    public void Reopen() => Volatile.Write(ref _reopen, true);

    /// <summary>Writes what is queued and closes; gives up after five seconds when the reader is stuck.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        try
        {
            await _stopped.Task.WaitAsync(StopTimeout, _time);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _metrics.RequestLogWriteFailed.Add(_queue.Count);
            }
        }
    }

    private static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return new FileStream(path, options);
    }

    private void Run()
    {
        var buffer = new ArrayBufferWriter<byte>(BatchBytes + 8192);
        var batch = new List<UsageRecord>();
        Stream? destination = null;
        try
        {
            while (Take(ref batch))
            {
                for (var next = 0; next < batch.Count;)
                {
                    buffer.ResetWrittenCount();
                    var lines = 0;
                    for (; next < batch.Count && buffer.WrittenCount < BatchBytes; next++, lines++)
                    {
                        UsageRecordJson.WriteLine(batch[next], buffer);
                    }
                    destination = Append(destination, buffer.WrittenSpan, lines);
                }
                batch.Clear();
            }
        }
        finally
        {
            destination?.Dispose();
            _stopped.TrySetResult();
        }
    }

    /// <summary>Exchanges an empty list for all that is queued, once there is something; false when the log is to stop and nothing is left.</summary>
    private bool Take(ref List<UsageRecord> empty)
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_stopping)
                {
                    return false;
                }
                _idle = true;
                Monitor.Wait(_gate);
            }
            _idle = false;
            if (!_stopping && _queue.Count < _capacity / 2)
            {
                Monitor.Wait(_gate, Linger);
            }
            (_queue, empty) = (empty, _queue);
            return true;
        }
    }

    /// <summary>Writes a batch; returns the stream to go on with, null when it must be opened anew.</summary>
    private Stream? Append(Stream? destination, ReadOnlySpan<byte> batch, int lines)
    {
        try
        {
            if (Volatile.Read(ref _reopen))
            {
                Volatile.Write(ref _reopen, false);
                destination?.Dispose();
                destination = null;
            }
            destination ??= _open();
            destination.Write(batch);
            destination.Flush();
            return destination;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Disk full, pipe closed, folder gone: the lines are counted as missing and the next batch tries again.
            _metrics.RequestLogWriteFailed.Add(lines);
            destination?.Dispose();
            return null;
        }
    }
}
