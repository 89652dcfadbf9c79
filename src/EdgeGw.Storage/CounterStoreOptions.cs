using System.Numerics;

namespace EdgeGw.Storage;

/// <summary>Memory of a counter store. What does not fit is kept on disk and read back from there.</summary>
public sealed record CounterStoreOptions
{
    /// <summary>Bytes of the hash index, a power of two: about 10 per counter keep look-ups to one step.</summary>
    public int IndexBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of one page, a power of two, at least 4 KiB.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Pages held in memory, a power of two, at least 16: with few, writers wait while pages are flushed. Taken as they fill.
    /// </summary>
    public int MemoryPages { get; init; } = 256;

    /// <summary>Bytes of one file of the part on disk, a power of two, at least one page.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes on disk above which a checkpoint first drops outdated versions of counters, and again whenever what was left has doubled.
    /// </summary>
    public long CompactAboveBytes { get; init; } = 256L << 20;

    internal void Validate()
    {
        Require(BitOperations.IsPow2(IndexBytes) && IndexBytes >= 4096, nameof(IndexBytes), "a power of two of at least 4096");
        Require(BitOperations.IsPow2(PageBytes) && PageBytes >= 4096, nameof(PageBytes), "a power of two of at least 4096");
        Require(BitOperations.IsPow2(MemoryPages) && MemoryPages >= 16, nameof(MemoryPages), "a power of two of at least 16");
        Require(BitOperations.IsPow2(SegmentBytes) && SegmentBytes >= PageBytes, nameof(SegmentBytes), "a power of two of at least PageBytes");
    }

    private static void Require(bool right, string name, string rule)
    {
        if (!right) throw new ArgumentException($"{name} must be {rule}", name);
    }
}
