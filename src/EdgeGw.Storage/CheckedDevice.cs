using FASTER.core;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage;

/// <summary>
/// FASTER's device for the counters: reads at once on the caller's thread (a pending read is then never waited for by spinning), writes on
/// pool threads without a sync, which a checkpoint does once, and every sector read is checked. Trouble is noted in
/// <see cref="CounterFiles"/> and hidden from FASTER, which would spin for ever on a page it cannot flush.
/// </summary>
internal sealed class CheckedDevice(CounterFiles files, string path)
    : StorageDeviceBase(path, SectorSums.SectorBytes, -1)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (SafeFileHandle Handle, SectorSums Sums)> _segments = [];

    private sealed record PendingWrite(
        CheckedDevice Device, nint Source, int Segment, long Offset, int Length, DeviceIOCompletionCallback Callback, object Context);

    public override void WriteAsync(IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        PendingWrite write = new(this, sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite, callback, context);
        ThreadPool.UnsafeQueueUserWorkItem(static pending => pending.Device.Write(pending), write, preferLocal: false);
    }

    public override unsafe void ReadAsync(int segmentId, ulong sourceAddress, IntPtr destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        Span<byte> destination = new((void*)destinationAddress, (int)readLength);
        try
        {
            (SafeFileHandle handle, SectorSums sums) = Segment(segmentId);
            Read(handle, (long)sourceAddress, destination);
            if (!sums.Check((long)sourceAddress, destination))
            {
                throw new InvalidDataException($"{NameOf(segmentId)} is damaged between offset {sourceAddress} and "
                    + $"{sourceAddress + readLength}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            destination.Clear();
            files.Fail(e);
        }

        callback(0, readLength, context);
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result)
    {
        RemoveSegment(segment);
        callback(result);
    }

    public override void RemoveSegment(int segment)
    {
        lock (_gate)
        {
            if (_segments.Remove(segment, out (SafeFileHandle Handle, SectorSums Sums) open)) open.Handle.Dispose();
        }

        files.Remove(NameOf(segment));
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            foreach ((SafeFileHandle handle, _) in _segments.Values) handle.Dispose();
            _segments.Clear();
        }
    }

    private static void Read(SafeFileHandle handle, long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
            {
                destination.Clear();
                return;
            }

            destination = destination[read..];
            offset += read;
        }
    }

    private unsafe void Write(PendingWrite write)
    {
        try
        {
            ReadOnlySpan<byte> source = new((void*)write.Source, write.Length);
            (SafeFileHandle handle, SectorSums sums) = Segment(write.Segment);
            sums.Set(write.Offset, source);
            RandomAccess.Write(handle, source, write.Offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            files.Fail(e);
        }

        write.Callback(0, (uint)write.Length, write.Context);
    }

    private string NameOf(int segment) => GetSegmentFilename(FileName, segment);

    private (SafeFileHandle Handle, SectorSums Sums) Segment(int segment)
    {
        lock (_gate)
        {
            if (_segments.TryGetValue(segment, out (SafeFileHandle Handle, SectorSums Sums) open)) return open;
            string name = NameOf(segment);
            open = (DurableFile.OpenPrivate(name, FileMode.OpenOrCreate), files.SumsOf(name));
            _segments.Add(segment, open);
            return open;
        }
    }
}
