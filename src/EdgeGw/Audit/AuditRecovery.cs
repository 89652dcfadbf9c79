namespace EdgeGw.Audit;

/// <summary>Where a log goes on after a start. A crash may have left lines beyond the head, and one that is not whole: that one is cut off.</summary>
/// <param name="Segments">Oldest first.</param>
/// <param name="First">The first line that is kept.</param>
/// <param name="Previous">The hash before it.</param>
/// <param name="Last">The last line; 0: none.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Length">The whole lines of the last segment, bytes. Beyond: to be cut off.</param>
/// <param name="Damage">What is wrong with the files as they are: they are left so, and the chain goes on in a new segment. Null: nothing.</param>
internal sealed record AuditRecovery(
    List<AuditSegment> Segments, long First, string Previous, long Last, string Hash, long Length, string? Damage)
{
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static AuditRecovery Of(string folder)
    {
        var head = AuditHead.Load(folder);
        var firsts = AuditFiles.Segments(folder);
        if (head is null && firsts.Count == 0)
        {
            return new([], 1, AuditLine.NoHash, 0, AuditLine.NoHash, 0, null);
        }
        RemoveGivenUp(folder, firsts, head);
        var segments = firsts.ConvertAll(first => AuditSegment.Of(folder, first));
        var end = EndOf(folder, firsts, head);
        // A segment that was begun and got no whole line before a crash.
        while (end is { Lines: 0 } && firsts.Count > 1)
        {
            firsts.RemoveAt(firsts.Count - 1);
            end = EndOf(folder, firsts, head);
        }
        if (head is { Last: 0, LastHash: var none } && none == AuditLine.NoHash && end is null or { Lines: 0 })
        {
            segments.ForEach(segment => File.Delete(AuditFiles.Segment(folder, segment.First)));
            return new([], 1, AuditLine.NoHash, 0, AuditLine.NoHash, 0, null);
        }
        var isWhole = head is not null && end is { Lines: > 0 } && end.Last >= head.Last && (end.HashOfHead ?? head.LastHash) == head.LastHash;
        if (isWhole)
        {
            segments[firsts.Count..].ForEach(segment => File.Delete(AuditFiles.Segment(folder, segment.First)));
            return new(segments[..firsts.Count], head!.First, head.Previous, end!.Last, end.Hash, end.Length, null);
        }
        // Numbers are never used twice, so that what is missing can be seen to be.
        var last = Math.Max(head?.Last ?? 0, Math.Max(end?.Last ?? 0, segments.Count > 0 ? segments[^1].First : 0));
        return new(segments, head?.First ?? segments[0].First, head?.Previous ?? AuditLine.NoHash, last, head?.LastHash ?? end!.Hash, 0,
            head is null ? "head_missing" : "lines_missing");
    }

    /// <summary>A crash between a head that gave segments up and their removal.</summary>
    private static void RemoveGivenUp(string folder, List<long> firsts, AuditHead? head)
    {
        while (firsts.Count > 1 && firsts[1] <= head?.First)
        {
            File.Delete(AuditFiles.Segment(folder, firsts[0]));
            firsts.RemoveAt(0);
        }
    }

    private static SegmentEnd? EndOf(string folder, List<long> firsts, AuditHead? head)
    {
        if (firsts.Count == 0)
        {
            return null;
        }
        var rest = AuditFiles.Read(folder, firsts[^1]).AsSpan();
        var end = new SegmentEnd(0, firsts[^1] - 1, AuditLine.NoHash, 0, null);
        while (rest.IndexOf((byte)'\n') is >= 0 and var length && AuditLine.TryRead(rest[..length], out var line) && line.IsIntact && line.Sequence == end.Last + 1
            && (end.Lines == 0 || line.Previous.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(end.Hash))))
        {
            var hash = System.Text.Encoding.ASCII.GetString(line.Hash);
            end = new SegmentEnd(end.Lines + 1, line.Sequence, hash, end.Length + length + 1, line.Sequence == head?.Last ? hash : end.HashOfHead);
            rest = rest[(length + 1)..];
        }
        return end;
    }

    private sealed record SegmentEnd(int Lines, long Last, string Hash, long Length, string? HashOfHead);
}
