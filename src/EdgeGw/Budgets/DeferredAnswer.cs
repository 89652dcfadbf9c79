using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeGw.Identity;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>A background answer that was charged at its hold, as long as its usage is still to come.</summary>
/// <remarks>Immutable, and compact: what a correction needs stays in the journal's form until there is one.</remarks>
public sealed class DeferredAnswer
{
    private const int FixedLength = sizeof(long) + (2 * sizeof(int));

    private readonly byte[] _details;
    private readonly int _chargeAt;

    /// <param name="sequence">Of the journal record that deferred it.</param>
    /// <param name="slots">What was charged.</param>
    /// <param name="details">As <see cref="WriteDetails"/> wrote them; copied.</param>
    internal DeferredAnswer(long sequence, CounterKey[] slots, ReadOnlySpan<byte> details)
    {
        Sequence = sequence;
        Slots = slots;
        _details = details.ToArray();
        InputBytes = BinaryPrimitives.ReadInt64LittleEndian(details);
        var id = BinaryPrimitives.ReadInt32LittleEndian(details[8..]);
        var model = BinaryPrimitives.ReadInt32LittleEndian(details[12..]);
        Id = Encoding.UTF8.GetString(details.Slice(FixedLength, id));
        Model = Encoding.UTF8.GetString(details.Slice(FixedLength + id, model));
        _chargeAt = FixedLength + id + model;
        var charge = Charge();
        Provider = charge.Provider ?? string.Empty;
        Time = charge.Time;
    }

    /// <summary>The provider's id of the answer, unique within <see cref="Provider"/>.</summary>
    public string Id { get; }

    /// <summary>The provider's name in the configuration.</summary>
    public string Provider { get; }

    /// <summary>The model that the provider was asked for; with it the price is found again.</summary>
    public string Model { get; }

    /// <summary>Size of the request's body, from which input is estimated where no usage ever comes.</summary>
    public long InputBytes { get; }

    /// <summary>When the request arrived.</summary>
    internal DateTimeOffset Time { get; }

    internal long Sequence { get; }

    /// <summary>The slots of the windows in which the request was made: a correction belongs there, whenever it comes.</summary>
    internal CounterKey[] Slots { get; }

    internal ReadOnlySpan<byte> Details => _details;

    /// <summary>The request's record, its cost being what was presumed.</summary>
    public UsageRecord Charge() => UsageRecordCodec.Read(_details.AsSpan(_chargeAt));

    /// <summary>The same under a person's pseudonym; null: it is somebody else's.</summary>
    internal DeferredAnswer? TryErase(Erasure person)
    {
        var charge = Charge();
        var erased = person.Apply(charge);
        if (ReferenceEquals(erased, charge))
        {
            return null;
        }
        var details = new ArrayBufferWriter<byte>();
        WriteDetails(details, Id, Model, InputBytes, erased);
        return new DeferredAnswer(Sequence, Slots, details.WrittenSpan);
    }

    internal static void WriteDetails(IBufferWriter<byte> output, string id, string model, long inputBytes, UsageRecord charge)
    {
        var idLength = Encoding.UTF8.GetByteCount(id);
        var modelLength = Encoding.UTF8.GetByteCount(model);
        var span = output.GetSpan(FixedLength + idLength + modelLength);
        BinaryPrimitives.WriteInt64LittleEndian(span, inputBytes);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], idLength);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], modelLength);
        Encoding.UTF8.GetBytes(id, span[FixedLength..]);
        Encoding.UTF8.GetBytes(model, span[(FixedLength + idLength)..]);
        output.Advance(FixedLength + idLength + modelLength);
        UsageRecordCodec.Write(charge, output);
    }
}
