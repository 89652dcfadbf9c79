using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage;

/// <summary>
/// CRC-32C of each sector that was written to one file. Kept in memory (4 bytes per 512) and saved with each checkpoint: FASTER checks
/// nothing of what it reads back, so a flipped bit in a chain of records would make a counter vanish, which reads as zero spent.
/// </summary>
internal sealed class SectorSums
{
    internal const int SectorBytes = 512;

    private readonly Lock _gate = new();
    private uint[] _sums = [];
    private int _count;

    /// <summary>Call before the write, so that a read which sees the new bytes finds the new sums.</summary>
    internal void Set(long offset, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            int sector = (int)(offset / SectorBytes);
            int end = sector + (content.Length / SectorBytes);
            if (end > _sums.Length) Array.Resize(ref _sums, Math.Max(end, Math.Max(64, _sums.Length * 2)));
            _count = Math.Max(_count, end);
            for (; content.Length > 0; content = content[SectorBytes..]) _sums[sector++] = Sum(content[..SectorBytes]);
        }
    }

    /// <summary>False when a sector differs from what was written. One that this store has not written yet passes: FASTER reads whole
    /// pages and then uses only the part it wrote.</summary>
    internal bool Check(long offset, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            int sector = (int)(offset / SectorBytes);
            for (; content.Length >= SectorBytes && sector < _count; content = content[SectorBytes..], sector++)
            {
                if (_sums[sector] != 0 && _sums[sector] != Sum(content[..SectorBytes])) return false;
            }

            return true;
        }
    }

    /// <summary>Offset of the first sector of a file that differs or is missing; null when all are right.</summary>
    /// <param name="chunk">Whole sectors, to read into.</param>
    internal long? FirstDamage(SafeFileHandle file, Span<byte> chunk)
    {
        long end = (long)_count * SectorBytes;
        for (long offset = 0; offset < end; offset += chunk.Length)
        {
            Span<byte> wanted = chunk[..(int)Math.Min(chunk.Length, end - offset)];
            int read = ReadFully(file, wanted, offset);
            // A sector that was never written has no sum, and may lie behind the end of the file.
            wanted[read..].Clear();
            if (Check(offset, wanted)) continue;
            for (int at = 0; ; at += SectorBytes)
            {
                if (!Check(offset + at, wanted.Slice(at, SectorBytes))) return offset + at;
            }
        }

        return null;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> wanted, long offset)
    {
        int total = 0;
        while (total < wanted.Length && RandomAccess.Read(file, wanted[total..], offset + total) is > 0 and var read) total += read;
        return total;
    }

    /// <summary>Sums of the whole sectors below an offset.</summary>
    internal uint[] Below(long offset)
    {
        lock (_gate) return _sums[..(int)Math.Clamp(offset / SectorBytes, 0, _count)];
    }

    internal static SectorSums From(uint[] sums) => new() { _sums = sums, _count = sums.Length };

    // Zero is kept for "never written".
    private static uint Sum(ReadOnlySpan<byte> sector) => Math.Max(1, Crc32C.Compute(sector));
}
