using System.Buffers;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>A checkpoint's rows as it holds them: found by the bytes of their keys, decoded only when somebody asks. Immutable.</summary>
/// <remarks>
/// A start makes no object of any of them. What is used afterwards is added to a <see cref="RollupRow"/> beside the stored one, and the totals are
/// the sum of both: nothing has to move while others add or read.
/// </remarks>
internal sealed class StoredRows
{
    internal static readonly StoredRows None = new(new ByteArena());

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    private readonly ByteArena _rows;
    private readonly HashSet<BytePlace> _keys;
    private readonly HashSet<BytePlace>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    private StoredRows(ByteArena rows, HashSet<BytePlace>? keys = null)
    {
        _rows = rows;
        _keys = keys ?? new(rows);
        _byBytes = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    internal int Count => _keys.Count;

    /// <summary>Where each row's key is.</summary>
    internal IReadOnlyCollection<BytePlace> Keys => _keys;

    /// <param name="data">Rows, from <paramref name="offset"/> to the end. Kept.</param>
    /// <param name="again">Rows whose key was there before: keys that differ only beyond what is written of them.</param>
    /// <returns>Null: cut off, left over or out of range.</returns>
    internal static StoredRows? Read(ReadOnlyMemory<byte> data, int offset, int count, out List<BytePlace> again)
    {
        var rows = new ByteArena(data);
        var keys = new HashSet<BytePlace>(count, rows);
        again = [];
        var binary = new BinaryCursor(data.Span[offset..]);
        for (var i = 0; i < count && !binary.Failed; i++)
        {
            var start = data.Length - binary.Rest.Length;
            RollupRowCodec.ReadBucket(ref binary);
            RollupRowCodec.SkipNames(ref binary);
            var place = new BytePlace(start, data.Length - binary.Rest.Length - start);
            RollupRowCodec.ReadTotals(ref binary);
            if (!binary.Failed && !keys.Add(place))
            {
                again.Add(place);
            }
        }
        return binary.Failed || !binary.AtEnd ? null : new StoredRows(rows, keys);
    }

    /// <summary>Null: there is none of that key.</summary>
    internal BytePlace? Find(in RollupKey key)
    {
        if (Count == 0)
        {
            return null;
        }
        var output = _scratch ??= new ArrayBufferWriter<byte>(512);
        output.ResetWrittenCount();
        var binary = new BinaryAppender(output);
        RollupRowCodec.WriteKey(ref binary, key);
        binary.Complete();
        return _byBytes.TryGetValue(output.WrittenSpan, out var place) ? place : null;
    }

    internal bool Has(BytePlace place) => Count > 0 && _keys.Contains(place);

    internal RollupBucket BucketOf(BytePlace place)
    {
        var binary = new BinaryCursor(_rows[place]);
        return RollupRowCodec.ReadBucket(ref binary);
    }

    /// <param name="known">For reading many.</param>
    internal RollupKey KeyOf(BytePlace place, TextCache? known)
    {
        var binary = new BinaryCursor(_rows[place], known);
        return RollupRowCodec.ReadKey(ref binary);
    }

    internal UsageTotals TotalsOf(BytePlace place)
    {
        var binary = new BinaryCursor(_rows.From(place.Offset + place.Length));
        return RollupRowCodec.ReadTotals(ref binary);
    }

    /// <summary>Key and totals as they were read.</summary>
    internal ReadOnlySpan<byte> RowOf(BytePlace place)
    {
        var row = _rows.From(place.Offset);
        var binary = new BinaryCursor(row[place.Length..]);
        RollupRowCodec.ReadTotals(ref binary);
        return row[..(row.Length - binary.Rest.Length)];
    }

    /// <summary>These rows but for some.</summary>
    internal StoredRows Without(List<BytePlace> leaving)
    {
        if (leaving.Count == 0)
        {
            return this;
        }
        if (leaving.Count == Count)
        {
            return None;
        }
        var left = new HashSet<BytePlace>(_keys, _rows);
        left.ExceptWith(leaving);
        return new StoredRows(_rows, left);
    }
}
