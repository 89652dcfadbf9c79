using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Storage;

/// <summary>
/// Keeps the newest <see cref="CheckpointManifest"/> in one file, replaced atomically. Layout, little endian: magic u32, CRC-32C u32 of all
/// that follows, counters 16 bytes, address i64, sequence i64, sequence before the address i64 (-1: not known; not there in version 1),
/// section count i32, then per section name length i32, UTF-8 name, length i32, bytes.
/// </summary>
public sealed class CheckpointStore
{
    internal const string FileName = "checkpoint";
    private const uint MagicOfVersion1 = 0x314B4345; // "ECK1"
    private const uint Magic = 0x324B4345; // "ECK2"
    private const int HeaderBytes = 8;

    private readonly string _path;
    private readonly Action? _beforeDiskCall;

    /// <param name="beforeDiskCall">A seam for tests: called before each call that changes the disk; an <see cref="IOException"/> from it is that call's failure.</param>
    public CheckpointStore(DataFolder folder, Action? beforeDiskCall = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _path = folder.Combine(FileName);
        _beforeDiskCall = beforeDiskCall;
    }

    /// <summary>For reading only: the folder need not be held.</summary>
    internal CheckpointStore(string dataFolder) => _path = Path.Combine(dataFolder, FileName);

    /// <summary>Returns when the manifest is on disk; a crash before leaves the previous one.</summary>
    /// <exception cref="StorageException">It could not be written in full: <see cref="LoadLatest"/> tells whether the previous one or this one is in place.</exception>
    public void Save(CheckpointManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        using MemoryStream content = new();
        content.Write(stackalloc byte[HeaderBytes]);
        using (BinaryWriter writer = new(content, Encoding.UTF8, leaveOpen: true))
        {
            Span<byte> counters = stackalloc byte[16];
            manifest.Counters.TryWriteBytes(counters);
            writer.Write(counters);
            writer.Write(manifest.ReplayFromAddress);
            writer.Write(manifest.ReplayFromSequence);
            writer.Write(manifest.SequenceBefore ?? -1);
            writer.Write(manifest.Sections.Count);
            foreach ((string name, ReadOnlyMemory<byte> section) in manifest.Sections)
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(name);
                writer.Write(utf8.Length);
                writer.Write(utf8);
                writer.Write(section.Length);
                writer.Write(section.Span);
            }
        }

        Span<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Compute(bytes[HeaderBytes..]));
        try
        {
            DurableFile.Replace(_path, bytes, _beforeDiskCall);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"checkpoint {_path} cannot be written: {e.Message}; free space on the disk or repair it", e);
        }
    }

    /// <summary>The newest manifest, or null when none was ever saved: then the whole journal is replayed.</summary>
    /// <exception cref="StorageException">The file is there but damaged.</exception>
    public CheckpointManifest? LoadLatest()
    {
        if (!File.Exists(_path)) return null;
        try
        {
            byte[] content = File.ReadAllBytes(_path);
            if (content.Length > HeaderBytes
                && BinaryPrimitives.ReadUInt32LittleEndian(content) is Magic or MagicOfVersion1
                && BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(4)) == Crc32C.Compute(content.AsSpan(HeaderBytes)))
            {
                return Read(content.AsMemory(HeaderBytes), version1: BinaryPrimitives.ReadUInt32LittleEndian(content) == MagicOfVersion1);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"checkpoint {_path} cannot be read: {e.Message}; check the disk and this user's rights", e);
        }

        throw new StorageException($"checkpoint {_path} is damaged; restore the data folder from a backup, or delete this file to rebuild "
            + "everything from the journal (complete only while the journal has never been truncated)");
    }

    private static CheckpointManifest Read(ReadOnlyMemory<byte> content, bool version1)
    {
        ReadOnlySpan<byte> fixedPart = content.Span;
        Guid counters = new(fixedPart[..16]);
        long address = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[16..]);
        long sequence = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[24..]);
        int fixedBytes = version1 ? 32 : 40;
        long before = version1 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(fixedPart[32..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[fixedBytes..]);
        content = content[(fixedBytes + sizeof(int))..];
        Dictionary<string, ReadOnlyMemory<byte>> sections = new(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string name = Encoding.UTF8.GetString(Take(ref content).Span);
            sections.Add(name, Take(ref content));
        }

        return new CheckpointManifest
        {
            Counters = counters,
            ReplayFromAddress = address,
            ReplayFromSequence = sequence,
            SequenceBefore = before < 0 ? null : before,
            Sections = sections,
        };
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> content)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(content.Span);
        ReadOnlyMemory<byte> taken = content.Slice(4, length);
        content = content[(4 + length)..];
        return taken;
    }
}
