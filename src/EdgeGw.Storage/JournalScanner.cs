using System.Buffers.Binary;

namespace EdgeGw.Storage;

/// <summary>
/// Reads the journal's segments directly. FASTER's own scan stops silently at the first bad entry, skips to the next page at a zeroed
/// length, and leaves pages loaded by recovery unchecked; here each entry is checked in full and the reader is told why it ended.
/// </summary>
internal sealed class JournalScanner(ISegmentFiles files, int pageBytes, int segmentBytes)
{
    private readonly byte[] _page = new byte[pageBytes];

    /// <summary>
    /// Visits the records from <paramref name="from"/>, the start of an entry, up to <paramref name="until"/> or the last whole one in
    /// unbroken sequence. A <paramref name="previousSequence"/> below zero accepts whatever sequence comes first.
    /// </summary>
    internal JournalScan Scan(long from, long until, long previousSequence, JournalVisitor? visitor)
    {
        long tail = from, sequence = previousSequence, records = 0;
        for (long address = from; address < until; address = PageStart(address) + pageBytes)
        {
            LoadPage(address);
            int offset = (int)(address - PageStart(address));
            bool emptyPage = true;
            while (PageStart(address) + offset < until)
            {
                ReadOnlySpan<byte> rest = _page.AsSpan(offset);
                long entryAddress = PageStart(address) + offset;
                // A zero length is the padding of a page whose next entry did not fit, or the end.
                if (rest.Length < JournalFormat.EntryHeaderBytes || BinaryPrimitives.ReadInt32LittleEndian(rest[8..]) == 0)
                {
                    if (rest.ContainsAnyExcept((byte)0)) return new JournalScan(tail, sequence, records, entryAddress);
                    break;
                }

                if (!TryEntry(rest, out int entryLength, out bool commitRecord))
                {
                    return new JournalScan(tail, sequence, records, entryAddress);
                }

                if (!commitRecord)
                {
                    ReadOnlySpan<byte> entry = rest.Slice(JournalFormat.EntryHeaderBytes, entryLength);
                    if (!JournalFormat.TryReadFrame(entry, entryAddress, out JournalRecord record, out _)
                        || (sequence >= 0 && record.Sequence != sequence + 1))
                    {
                        return new JournalScan(tail, sequence, records, entryAddress);
                    }

                    sequence = record.Sequence;
                    records++;
                    visitor?.Invoke(in record);
                }

                emptyPage = false;
                offset += JournalFormat.AlignedEntryBytes(entryLength);
                tail = PageStart(address) + offset;
            }

            if (emptyPage && PageStart(address) != PageStart(from)) break;
        }

        return new JournalScan(tail, sequence, records, null);
    }

    /// <summary>
    /// Searches behind the last whole record for an intact one that says records after it were durable: then what is broken there was
    /// acknowledged, and not merely a write that a crash interrupted.
    /// </summary>
    internal AcknowledgedLoss? FindAcknowledgedBeyond(long tail, long sequence) =>
        Find(tail, (in JournalRecord _, long durable) => durable > sequence) is { } found ? new AcknowledgedLoss(found.Address, found.DurableSequence) : null;

    /// <summary>The first intact record after an address, wherever it lies, that is wanted.</summary>
    internal FoundFrame? Find(long from, FramePredicate wanted)
    {
        for (long pageStart = PageStart(from), end = EndOfFiles(); pageStart < end; pageStart += pageBytes)
        {
            LoadPage(pageStart);
            int offset = pageStart < from ? (int)(from - pageStart) : 0;
            while (offset < pageBytes)
            {
                int skipped = _page.AsSpan(offset).IndexOfAnyExcept((byte)0);
                if (skipped < 0) break;
                // The checksum's low bytes may be zero, so step back to where an entry with this non-zero byte may begin.
                int first = Math.Max(offset, ((offset + skipped) & ~3) - 8);
                for (offset = first; offset <= first + 8 && offset < pageBytes; offset += 4)
                {
                    ReadOnlySpan<byte> rest = _page.AsSpan(offset);
                    if (!LooksLikeFrame(rest) || !TryEntry(rest, out int entryLength, out bool commitRecord) || commitRecord) continue;
                    ReadOnlySpan<byte> entry = rest.Slice(JournalFormat.EntryHeaderBytes, entryLength);
                    if (JournalFormat.TryReadFrame(entry, pageStart + offset, out JournalRecord record, out long durable) && wanted(in record, durable))
                    {
                        return new FoundFrame(record.Address, record.Sequence, durable);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Sequence of the first record at or after the start of an entry; null where there is none or it is not whole.</summary>
    internal long? SequenceAt(long from, long until)
    {
        long? found = null;
        for (long page = from; found is null && page < until; page = PageStart(page) + pageBytes)
        {
            JournalScan scan = Scan(page, Math.Min(until, PageStart(page) + pageBytes), -1, (in JournalRecord record) => found ??= record.Sequence);
            if (scan.DamagedAt is not null) break;
        }

        return found;
    }

    /// <summary>Overwrites everything behind the tail with zeros, so that a remnant is never taken for a later record.</summary>
    internal void Cut(long tail)
    {
        for (long pageStart = PageStart(NextData(tail)), end = EndOfFiles(); pageStart < end; pageStart = PageStart(NextData(pageStart + pageBytes)))
        {
            LoadPage(pageStart);
            int offset = pageStart < tail ? (int)(tail - pageStart) : 0;
            if (!_page.AsSpan(offset).ContainsAnyExcept((byte)0)) continue;
            _page.AsSpan(offset).Clear();
            int segment = (int)(pageStart / segmentBytes);
            files.Write(segment, (pageStart % segmentBytes) + offset, _page.AsSpan(offset));
            files.Sync(segment);
        }
    }

    /// <summary>Bytes from the tail to the last one that is not zero: what <see cref="Cut"/> would cut.</summary>
    internal long UsedBeyond(long tail)
    {
        long lastUsed = tail;
        for (long pageStart = PageStart(NextData(tail)), end = EndOfFiles(); pageStart < end; pageStart = PageStart(NextData(pageStart + pageBytes)))
        {
            LoadPage(pageStart);
            int offset = pageStart < tail ? (int)(tail - pageStart) : 0;
            int last = _page.AsSpan(offset).LastIndexOfAnyExcept((byte)0);
            if (last >= 0) lastUsed = pageStart + offset + last + 1;
        }

        return lastUsed - tail;
    }

    /// <summary>A segment is allocated whole, and mostly empty: what was never written need not be read.</summary>
    private long NextData(long address)
    {
        long segment = address / segmentBytes;
        return (segment * segmentBytes) + files.NextData((int)segment, address % segmentBytes);
    }

    private long EndOfFiles() => files.List() is { Count: > 0 } segments ? (segments[^1] + 1L) * segmentBytes : 0;

    private static bool TryEntry(ReadOnlySpan<byte> rest, out int entryLength, out bool commitRecord)
    {
        int signedLength = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
        commitRecord = signedLength < 0;
        entryLength = signedLength == int.MinValue ? int.MaxValue : Math.Abs(signedLength);
        if (entryLength > rest.Length - JournalFormat.EntryHeaderBytes) return false;
        ulong expected = JournalFormat.EntryChecksum(rest[8..(JournalFormat.EntryHeaderBytes + entryLength)]);
        return expected == BinaryPrimitives.ReadUInt64LittleEndian(rest);
    }

    private static bool LooksLikeFrame(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < JournalFormat.EntryHeaderBytes + JournalFormat.FrameHeaderBytes) return false;
        int entryLength = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
        uint payloadLength = BinaryPrimitives.ReadUInt32LittleEndian(rest[JournalFormat.EntryHeaderBytes..]);
        return entryLength >= JournalFormat.FrameHeaderBytes && payloadLength == entryLength - JournalFormat.FrameHeaderBytes;
    }

    private long PageStart(long address) => address & -pageBytes;

    private void LoadPage(long address)
    {
        long start = PageStart(address);
        files.Read((int)(start / segmentBytes), start % segmentBytes, _page);
    }
}
