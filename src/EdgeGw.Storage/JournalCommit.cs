using System.Buffers.Binary;

namespace EdgeGw.Storage;

/// <summary>What the commit file says: records in [begin, until) were durable when it was written. More may be; the frames tell.</summary>
internal readonly record struct JournalCommit(long BeginAddress, long BeginSequence, long UntilAddress, long LastSequence, long CommitNumber)
{
    internal static JournalCommit Empty => new(JournalFormat.FirstAddress, 0, JournalFormat.FirstAddress, 0, 0);
}

/// <summary>
/// The commit file: two slots written in turn and in place, so that a write torn by a crash leaves the other slot, and no file is made or
/// removed while serving.
/// </summary>
internal sealed class JournalCommitFile : IDisposable
{
    private const uint Magic = 0x434A4745; // "EGJC"
    private const int SlotBytes = 64;
    private const int SlotStride = 4096;

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle;
    private long _generation;

    private JournalCommitFile(Microsoft.Win32.SafeHandles.SafeFileHandle handle, long generation, JournalCommit current)
    {
        _handle = handle;
        _generation = generation;
        Current = current;
    }

    /// <summary>The newest state that was read or written.</summary>
    internal JournalCommit Current { get; private set; }

    internal static void Create(string path)
    {
        Span<byte> content = stackalloc byte[SlotStride + SlotBytes];
        content.Clear();
        Encode(content, 0, JournalCommit.Empty);
        Encode(content[SlotStride..], 1, JournalCommit.Empty);
        DurableFile.Replace(path, content);
    }

    /// <exception cref="StorageException">Missing, or neither slot is whole.</exception>
    internal static JournalCommitFile Open(string path)
    {
        (JournalCommit commit, long generation) = Read(path);
        return new JournalCommitFile(DurableFile.OpenPrivate(path, FileMode.Open), generation, commit);
    }

    /// <summary>The newest whole slot and its generation.</summary>
    /// <exception cref="StorageException">Missing, or neither slot is whole.</exception>
    internal static (JournalCommit Commit, long Generation) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new StorageException($"{path} is missing although the journal exists; restore the whole data folder from a backup, or "
                + "move it away to start empty");
        }

        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite);
        Span<byte> content = stackalloc byte[SlotStride + SlotBytes];
        content.Clear();
        RandomAccess.Read(handle, content, 0);
        bool first = TryDecode(content, out long generation, out JournalCommit commit);
        if (TryDecode(content[SlotStride..], out long otherGeneration, out JournalCommit other) && (!first || otherGeneration > generation))
        {
            return (other, otherGeneration);
        }

        if (first) return (commit, generation);
        throw new StorageException($"{path} is damaged: neither of its two slots has a right checksum; restore the whole data folder from "
            + "a backup, or move it away to start empty");
    }

    internal void Write(JournalCommit commit)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        slot.Clear();
        Encode(slot, _generation + 1, commit);
        RandomAccess.Write(_handle, slot, ((_generation + 1) & 1) * SlotStride);
        DurableFile.SyncData(_handle);
        _generation++;
        Current = commit;
    }

    public void Dispose() => _handle.Dispose();

    private static void Encode(Span<byte> slot, long generation, JournalCommit commit)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], generation);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], commit.BeginAddress);
        BinaryPrimitives.WriteInt64LittleEndian(slot[24..], commit.BeginSequence);
        BinaryPrimitives.WriteInt64LittleEndian(slot[32..], commit.UntilAddress);
        BinaryPrimitives.WriteInt64LittleEndian(slot[40..], commit.LastSequence);
        BinaryPrimitives.WriteInt64LittleEndian(slot[48..], commit.CommitNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], Crc32C.Compute(slot[8..SlotBytes]));
    }

    private static bool TryDecode(ReadOnlySpan<byte> slot, out long generation, out JournalCommit commit)
    {
        slot = slot[..SlotBytes];
        generation = BinaryPrimitives.ReadInt64LittleEndian(slot[8..]);
        commit = new JournalCommit(
            BinaryPrimitives.ReadInt64LittleEndian(slot[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[48..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(slot) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]) == Crc32C.Compute(slot[8..]);
    }
}
