using System.Buffers;
using System.Buffers.Binary;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Budgets;

/// <summary>Adds the settlements that a replay reads to the rollup, in their order and behind its back: that is as much work as all else about them, and no slot depends on it.</summary>
/// <remarks>One batch is added while the next one is gathered. What is wrong with a record is thrown at the one who gives a later one, or waits.</remarks>
internal sealed class UsageReplay(UsageRollup rollup)
{
    private const int BatchBytes = 1 << 20;

    private readonly TextCache _known = new();
    private ArrayBufferWriter<byte> _gathered = new();
    private ArrayBufferWriter<byte> _added = new();
    private Task _adding = Task.CompletedTask;

    /// <param name="record">An encoded <see cref="UsageRecord"/>.</param>
    /// <exception cref="InvalidDataException">An earlier record is malformed.</exception>
    public void Add(ReadOnlySpan<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_gathered.GetSpan(sizeof(int)), record.Length);
        _gathered.Advance(sizeof(int));
        _gathered.Write(record);
        if (_gathered.WrittenCount >= BatchBytes)
        {
            Start();
        }
    }

    /// <summary>Returns when all is added.</summary>
    /// <exception cref="InvalidDataException">A record is malformed.</exception>
    public void Wait()
    {
        Start();
        _adding.GetAwaiter().GetResult();
    }

    private void Start()
    {
        _adding.GetAwaiter().GetResult();
        (_gathered, _added) = (_added, _gathered);
        _gathered.ResetWrittenCount();
        _adding = Task.Run(AddAll);
    }

    private void AddAll()
    {
        for (var rest = _added.WrittenSpan; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            rollup.Add(UsageRecordCodec.Read(rest.Slice(sizeof(int), length), _known));
            rest = rest[(sizeof(int) + length)..];
        }
    }
}
