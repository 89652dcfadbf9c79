using System.Buffers;
using FASTER.core;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage;

/// <summary>
/// FASTER's device for the counters: reads at once on the caller's thread (a pending read is then never waited for by spinning), writes on
/// a thread of their own without a sync, which a checkpoint does once, and every sector read is checked. Trouble is noted in
/// <see cref="CounterFiles"/> and hidden from FASTER, which would spin for ever on a page it cannot flush.
/// </summary>
/// <param name="files">Told of trouble.</param>
/// <param name="path">Of the files, without the segment's number.</param>
/// <param name="writes">Null for a checkpoint's files.</param>
internal sealed class CheckedDevice(CounterFiles files, string path, WriteQueue? writes)
    : StorageDeviceBase(path, SectorSums.SectorBytes, -1)
{
    private const int CopyBytes = 256 << 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, (SafeFileHandle Handle, SectorSums Sums)> _segments = [];

    public override void WriteAsync(IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        Action write = () => Write(sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite, callback, context);
        if (writes is not null) writes.Add(write);
        else ThreadPool.UnsafeQueueUserWorkItem(static queued => queued(), write, preferLocal: false);
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
            Fail(e);
        }

        callback(0, readLength, context);
    }

    // FASTER asks for this at the end of a checkpoint, when the manifest still names the one before, which needs these segments.
    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    public override void RemoveSegment(int segment)
    {
    }

    /// <summary>Removes a segment that no checkpoint needs any more.</summary>
    internal void Delete(int segment)
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

    private unsafe void Write(nint sourceAddress, int segment, long offset, int length, DeviceIOCompletionCallback callback, object context)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Min(length, CopyBytes));
        try
        {
            (SafeFileHandle handle, SectorSums sums) = Segment(segment);
            for (int written = 0; written < length;)
            {
                // The hash index is changed while it is written, so what is summed must be the very bytes that reach the file.
                Span<byte> chunk = copy.AsSpan(0, Math.Min(length - written, CopyBytes));
                new ReadOnlySpan<byte>((byte*)sourceAddress + written, chunk.Length).CopyTo(chunk);
                sums.Set(offset + written, chunk);
                files.BeforeDiskCall();
                RandomAccess.Write(handle, chunk, offset + written);
                written += chunk.Length;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        callback(0, (uint)length, context);
    }

    /// <summary>Pages of the log that did not reach the disk are lost, a checkpoint's are still in memory.</summary>
    private void Fail(Exception cause)
    {
        if (writes is null) files.FailCheckpoint(cause);
        else files.Fail(cause);
    }

    private string NameOf(int segment) => GetSegmentFilename(FileName, segment);

    private (SafeFileHandle Handle, SectorSums Sums) Segment(int segment)
    {
        lock (_gate)
        {
            if (_segments.TryGetValue(segment, out (SafeFileHandle Handle, SectorSums Sums) open)) return open;
            string name = NameOf(segment);
            files.BeforeDiskCall();
            open = (DurableFile.OpenPrivate(name, FileMode.OpenOrCreate), files.SumsOf(name));
            _segments.Add(segment, open);
            return open;
        }
    }
}
