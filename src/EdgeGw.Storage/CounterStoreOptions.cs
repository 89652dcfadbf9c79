namespace EdgeGw.Storage;

/// <summary>Memory of a counter store. What does not fit is kept on disk and read back from there.</summary>
public sealed record CounterStoreOptions
{
    /// <summary>Bytes of the hash index, a power of two: about 10 per counter keep look-ups to one step.</summary>
    public int IndexBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of one page, a power of two, at least 4 KiB.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>Pages held in memory, a power of two, at least 16: with few, writers wait while pages are flushed.</summary>
    public int MemoryPages { get; init; } = 32;

    /// <summary>Bytes of one file of the part on disk, a power of two, at least one page.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;
}
