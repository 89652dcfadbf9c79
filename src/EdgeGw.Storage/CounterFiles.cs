using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// The files of a counter store: its log in memory's overflow, and per checkpoint the snapshot, the index and the sums of them all. Where
/// FASTER asks for a device it gets a checked one.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="beforeDiskCall">Called before each call that changes the disk; what it throws is that call's failure.</param>
internal sealed class CounterFiles(string folder, Action? beforeDiskCall = null) : INamedDeviceFactory
{
    internal const string FolderName = "counters";
    private const string CheckpointsName = "checkpoints";
    private const string SumsSuffix = ".sums";
    private const int ReadBytes = 1 << 20;

    private readonly ConcurrentDictionary<string, SectorSums> _sums = new(StringComparer.Ordinal);
    private Exception? _failure;
    private Exception? _checkpointFailure;

    internal string LogPath => Path.Combine(folder, "log");

    internal string CheckpointsPath => Path.Combine(folder, CheckpointsName);

    /// <summary>The first thing that went wrong with the log; after it nothing in memory can be trusted.</summary>
    internal Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The first thing that went wrong with the files of the checkpoint at hand, which nothing in memory depends on.</summary>
    internal Exception? CheckpointFailure => Volatile.Read(ref _checkpointFailure);

    internal void BeginCheckpoint() => Volatile.Write(ref _checkpointFailure, null);

    internal void Fail(Exception cause) => Interlocked.CompareExchange(ref _failure, cause, null);

    internal void FailCheckpoint(Exception cause) => Interlocked.CompareExchange(ref _checkpointFailure, cause, null);

    internal void BeforeDiskCall() => beforeDiskCall?.Invoke();

    internal SectorSums SumsOf(string path) => _sums.GetOrAdd(path, static _ => new SectorSums());

    internal void Remove(string path)
    {
        _sums.TryRemove(path, out _);
        File.Delete(path);
    }

    /// <summary>
    /// Makes all files of a checkpoint durable, and last their sums, without which it does not count. Of the log only what lies from
    /// <paramref name="logFrom"/> to <paramref name="logUntil"/> belongs to it: what is before will be removed, what is behind may be
    /// written again, differently, after a restart from it.
    /// </summary>
    /// <exception cref="IOException">The checkpoint is not complete. Where a sync of the log failed, <see cref="Failure"/> is set as well.</exception>
    internal void SaveCheckpoint(Guid checkpoint, long logFrom, long logUntil, int logSegmentBytes)
    {
        using MemoryStream content = new();
        content.Write(stackalloc byte[sizeof(uint)]);
        using (BinaryWriter writer = new(content, Encoding.UTF8, leaveOpen: true))
        {
            foreach ((string path, SectorSums sums) in _sums.Where(file => BelongsTo(file.Key, checkpoint)))
            {
                bool ofLog = TryLogSegment(path, out int segment);
                if (ofLog && (segment + 1L) * logSegmentBytes <= logFrom) continue;
                try
                {
                    Flush(path);
                }
                catch (IOException e) when (ofLog)
                {
                    // The kernel may have dropped the pages, and the next sync would report success.
                    Fail(e);
                    throw;
                }

                uint[] values = sums.Below(ofLog ? logUntil - ((long)segment * logSegmentBytes) : long.MaxValue);
                writer.Write(Path.GetRelativePath(folder, path));
                writer.Write(values.Length);
                foreach (uint value in values) writer.Write(value);
            }
        }

        foreach (string directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            BeforeDiskCall();
            DurableFile.SyncFolder(directory);
        }

        Span<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Compute(bytes[sizeof(uint)..]));
        DurableFile.Replace(SumsPath(checkpoint), bytes, beforeDiskCall);
    }

    /// <summary>Removes what there is of one checkpoint.</summary>
    internal void RemoveCheckpoint(Guid checkpoint)
    {
        foreach (string suffix in (string[])["", ".tmp"]) File.Delete(SumsPath(checkpoint) + suffix);
        RemoveCheckpointFolders(name => name == checkpoint.ToString());
    }

    /// <summary>Segments of the log that lie below an address as a whole.</summary>
    internal List<int> LogSegmentsBelow(long address, int logSegmentBytes)
    {
        List<int> below = [];
        foreach (string path in Directory.EnumerateFiles(folder, Path.GetFileName(LogPath) + ".*"))
        {
            if (TryLogSegment(path, out int segment) && (segment + 1L) * logSegmentBytes <= address) below.Add(segment);
        }

        return below;
    }

    /// <exception cref="StorageException">The checkpoint is not there in full.</exception>
    internal void LoadCheckpoint(Guid checkpoint)
    {
        string path = SumsPath(checkpoint);
        if (!File.Exists(path)) throw new StorageException($"{path} is missing");
        byte[] content = File.ReadAllBytes(path);
        if (content.Length < sizeof(uint)
            || BinaryPrimitives.ReadUInt32LittleEndian(content) != Crc32C.Compute(content.AsSpan(sizeof(uint))))
        {
            throw new StorageException($"{path} is damaged");
        }

        using BinaryReader reader = new(new MemoryStream(content, sizeof(uint), content.Length - sizeof(uint)), Encoding.UTF8);
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            string file = Path.Combine(folder, reader.ReadString());
            uint[] values = new uint[reader.ReadInt32()];
            for (int i = 0; i < values.Length; i++) values[i] = reader.ReadUInt32();
            if (!File.Exists(file)) throw new StorageException($"{file} is missing");
            _sums[file] = SectorSums.From(values);
        }
    }

    /// <summary>Reads all that belongs to a checkpoint and compares it with its sums; changes nothing.</summary>
    internal IReadOnlyList<StorageDamage> Inspect(Guid checkpoint)
    {
        const string Advice = "restore the data folder from a backup, or delete the file named checkpoint to rebuild the counters from the journal "
            + "(complete only while the journal begins with record 1)";
        try
        {
            LoadCheckpoint(checkpoint);
        }
        catch (StorageException e)
        {
            return [new StorageDamage(SumsPath(checkpoint), e.Message, Advice)];
        }

        return [.. Damaged().Select(place => new StorageDamage(place, "not as written", Advice))];
    }

    /// <summary>The first damaged place of each file of the loaded checkpoint; reads them whole.</summary>
    internal IEnumerable<string> Damaged()
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ReadBytes);
        foreach ((string path, SectorSums sums) in _sums.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path);
            if (sums.FirstDamage(handle, chunk.AsSpan(0, ReadBytes)) is { } offset) yield return string.Create(CultureInfo.InvariantCulture, $"{path} at offset {offset}");
        }

        ArrayPool<byte>.Shared.Return(chunk);
    }

    /// <summary>Removes what belongs to other checkpoints; a null keeps none and removes the log, too.</summary>
    internal void RemoveAllBut(Guid? checkpoint)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + SumsSuffix).ToList())
        {
            if (checkpoint is null || path != SumsPath(checkpoint.Value)) File.Delete(path);
        }

        if (checkpoint is null)
        {
            foreach (string path in Directory.EnumerateFiles(folder, "log.*").ToList()) Remove(path);
        }

        RemoveCheckpointFolders(name => name != checkpoint?.ToString());
    }

    private void RemoveCheckpointFolders(Predicate<string> which)
    {
        if (!Directory.Exists(CheckpointsPath)) return;
        foreach (string kind in Directory.EnumerateDirectories(CheckpointsPath))
        {
            foreach (string directory in Directory.EnumerateDirectories(kind).ToList())
            {
                if (!which(Path.GetFileName(directory))) continue;
                foreach (string file in Directory.EnumerateFiles(directory)) _sums.TryRemove(file, out _);
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    void INamedDeviceFactory.Initialize(string baseName)
    {
    }

    IDevice INamedDeviceFactory.Get(FileDescriptor fileInfo)
    {
        string directory = Path.Combine(CheckpointsPath, fileInfo.directoryName);
        try
        {
            BeforeDiskCall();
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Thrown into FASTER, it would leave the checkpoint under way for ever.
            FailCheckpoint(e);
        }

        // On pool threads, because a checkpoint goes on from within the completion of its writes and then waits for others.
        return new CheckedDevice(this, Path.Combine(directory, fileInfo.fileName), writes: null);
    }

    void INamedDeviceFactory.Delete(FileDescriptor fileInfo)
    {
        string path = Path.Combine(CheckpointsPath, fileInfo.directoryName, fileInfo.fileName ?? "");
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else Remove(path);
    }

    // Checkpoints are found by the name in the manifest only: whatever else lies there is a leftover.
    IEnumerable<FileDescriptor> INamedDeviceFactory.ListContents(string path) => [];

    private void Flush(string path)
    {
        BeforeDiskCall();
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = DurableFile.OpenPrivate(path, FileMode.Open);
        RandomAccess.FlushToDisk(handle);
    }

    private string SumsPath(Guid checkpoint) => Path.Combine(folder, checkpoint.ToString("N") + SumsSuffix);

    private bool TryLogSegment(string path, out int segment)
    {
        segment = 0;
        return path.StartsWith(LogPath + ".", StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(LogPath.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out segment);
    }

    private bool BelongsTo(string path, Guid checkpoint) =>
        !path.StartsWith(CheckpointsPath, StringComparison.Ordinal) || path.Contains(checkpoint.ToString(), StringComparison.Ordinal);
}
