using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// FASTER's device over the segment files. Writes wait in a queue until the committer pumps it: pages then reach the disk in log order,
/// one sync serves all of them, and the committer learns of an error in the frame where it asked.
/// </summary>
internal sealed class JournalDevice(ISegmentFiles files, int segmentBytes) : StorageDeviceBase("journal", SectorBytes, -1)
{
    private const uint SectorBytes = 512;
    private const uint InputOutputError = 5;

    private readonly Lock _gate = new();
    private List<PendingWrite> _queue = [];
    private List<PendingWrite> _pumping = [];
    private readonly SortedSet<int> _written = [];
    private int _allocatedSegments;
    private Exception? _failure;

    private readonly record struct PendingWrite(
        nint Source, int Segment, long Offset, int Length, DeviceIOCompletionCallback Callback, object Context);

    /// <summary>The next segment is due and could not be allocated; tried again with each commit.</summary>
    internal bool NextSegmentMissing { get; private set; }

    /// <summary>Takes segments up to and including this one as allocated.</summary>
    internal void StartAt(int segment) => _allocatedSegments = segment + 1;

    public override void WriteAsync(IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        lock (_gate)
        {
            _queue.Add(new PendingWrite(sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite, callback, context));
        }
    }

    /// <summary>
    /// Writes and syncs all that waits, then completes it. Only the committer calls this. Returns the failure, once there is one for ever:
    /// nothing is written after it and no sync is tried again (a second sync may report success for pages the kernel has dropped).
    /// </summary>
    internal Exception? Pump()
    {
        lock (_gate)
        {
            (_queue, _pumping) = (_pumping, _queue);
        }

        if (_failure is null && _pumping.Count > 0)
        {
            try
            {
                WriteAndSync();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _failure = e;
            }
        }

        foreach (PendingWrite write in _pumping)
        {
            write.Callback(_failure is null ? 0 : InputOutputError, (uint)write.Length, write.Context);
        }

        _pumping.Clear();
        return _failure;
    }

    public override unsafe void ReadAsync(int segmentId, ulong sourceAddress, IntPtr destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        uint error = 0;
        try
        {
            files.Read(segmentId, (long)sourceAddress, new Span<byte>((void*)destinationAddress, (int)readLength));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure ??= e;
            error = InputOutputError;
        }

        callback(error, readLength, context);
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result)
    {
        files.Remove(segment);
        callback(result);
    }

    public override void RemoveSegment(int segment) => files.Remove(segment);

    public override void Dispose() => files.Dispose();

    private unsafe void WriteAndSync()
    {
        foreach (PendingWrite write in _pumping)
        {
            while (_allocatedSegments <= write.Segment) files.Allocate(_allocatedSegments++);
            files.Write(write.Segment, write.Offset, new ReadOnlySpan<byte>((void*)write.Source, write.Length));
            _written.Add(write.Segment);
            if (write.Offset + write.Length > segmentBytes / 2) AllocateAhead(write.Segment + 1);
        }

        foreach (int segment in _written) files.Sync(segment);
        _written.Clear();
    }

    // A full disk is met here, half a segment before it would stop the log, and only stops new holds.
    private void AllocateAhead(int segment)
    {
        if (_allocatedSegments > segment) return;
        try
        {
            files.Allocate(segment);
            _allocatedSegments = segment + 1;
            NextSegmentMissing = false;
        }
        catch (IOException)
        {
            NextSegmentMissing = true;
        }
    }
}
