using System.Buffers;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>All rows at one moment, and their binary form: a version first; a newer one is refused. Integrity (CRC) is the storage's business.</summary>
internal sealed class RollupSnapshot(StoredRows stored, IReadOnlyList<(RollupRow Row, BytePlace? Stored, UsageTotals Totals)> rows)
{
    private const byte Version = 1;

    internal void Write(IBufferWriter<byte> output)
    {
        // What was added to a stored row since is written with it, as one.
        var grown = new HashSet<BytePlace>();
        foreach (var row in rows)
        {
            if (row.Stored is { } place && stored.Has(place))
            {
                grown.Add(place);
            }
        }
        var binary = new BinaryAppender(output);
        binary.Byte(Version);
        binary.Varint((ulong)(stored.Count - grown.Count + rows.Count));
        foreach (var place in stored.Keys)
        {
            if (!grown.Contains(place))
            {
                binary.Bytes(stored.RowOf(place));
            }
        }
        foreach (var (row, place, totals) in rows)
        {
            RollupRowCodec.WriteKey(ref binary, row.Key);
            RollupRowCodec.WriteTotals(ref binary, place is { } known && grown.Remove(known) ? totals + stored.TotalsOf(known) : totals);
        }
        binary.Complete();
    }

    /// <param name="again">Rows that are to be added to others of the same key.</param>
    /// <exception cref="InvalidDataException">Malformed or of a newer build.</exception>
    internal static StoredRows Read(ReadOnlyMemory<byte> data, out List<BytePlace> again)
    {
        var binary = new BinaryCursor(data.Span);
        var version = binary.Byte();
        if (version != Version)
        {
            throw new InvalidDataException($"Usage rollup of version {version}; this build reads up to {Version}.");
        }
        var count = binary.Count(int.MaxValue);
        return StoredRows.Read(data, data.Length - binary.Rest.Length, count, out again) is { } rows && !binary.Failed
            ? rows
            : throw new InvalidDataException("Usage rollup is malformed: cut off, left over or out of range.");
    }
}
