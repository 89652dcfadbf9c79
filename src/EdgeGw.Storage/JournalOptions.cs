namespace EdgeGw.Storage;

/// <summary>
/// Sizes of a journal. Page and segment sizes are fixed when the journal is made and read from the folder ever after; the others may
/// change at each start.
/// </summary>
public sealed record JournalOptions
{
    /// <summary>Bytes of one page, a power of two, at least 4 KiB. A record's payload is at most half a page.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>Pages held in memory, a power of two, at least 8. Appends wait when about half of them are not yet on disk.</summary>
    public int MemoryPages { get; init; } = 16;

    /// <summary>Bytes of one segment file, a power of two, at least one page. Allocated ahead, so that settles fit on a full disk.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>Free bytes on the folder's file system below which <see cref="Journal.HasRoomForHolds"/> is false; 0 turns it off.</summary>
    public long MinimumFreeBytes { get; init; } = 256L << 20;

    /// <summary>
    /// How long a record that was appended lazily may wait for another one's write, above zero: what a crash can lose of it, and at most
    /// one write per linger.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Clock of the free space check.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require(IsPowerOfTwo(PageBytes) && PageBytes >= 4096, nameof(PageBytes), "a power of two of at least 4096");
        Require(IsPowerOfTwo(MemoryPages) && MemoryPages >= 8, nameof(MemoryPages), "a power of two of at least 8");
        Require(IsPowerOfTwo(SegmentBytes) && SegmentBytes >= PageBytes, nameof(SegmentBytes), "a power of two of at least PageBytes");
        Require(MinimumFreeBytes >= 0, nameof(MinimumFreeBytes), "0 or more");
        Require(Linger > TimeSpan.Zero && Linger <= TimeSpan.FromDays(1), nameof(Linger), "above zero and at most a day");
    }

    private static bool IsPowerOfTwo(int value) => System.Numerics.BitOperations.IsPow2(value);

    private static void Require(bool right, string name, string rule)
    {
        if (!right) throw new ArgumentException($"{name} must be {rule}", name);
    }
}
