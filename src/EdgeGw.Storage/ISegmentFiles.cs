namespace EdgeGw.Storage;

/// <summary>The disk as the journal sees it: numbered segment files of one size. A seam, so that tests can make the k-th call fail.</summary>
internal interface ISegmentFiles : IDisposable
{
    /// <summary>Makes sure the segment exists at full size, zero-filled, and that its name is durable.</summary>
    void Allocate(int segment);

    /// <summary>Reads what is there; bytes beyond the end of the file, or of a file that does not exist, come back as zeros.</summary>
    void Read(int segment, long offset, Span<byte> destination);

    /// <summary>The first offset from this one on where there may be anything but zeros, or the segment's size when there is none.</summary>
    long NextData(int segment, long offset);

    void Write(int segment, long offset, ReadOnlySpan<byte> source);

    /// <summary>Returns once everything written to the segment is on disk; throws, once and for all, when that is not certain.</summary>
    void Sync(int segment);

    void Remove(int segment);

    /// <summary>When the segment was last written to, or a time long past where it does not exist.</summary>
    DateTimeOffset LastWritten(int segment);

    /// <summary>Numbers of the segments that exist, ascending.</summary>
    IReadOnlyList<int> List();
}
