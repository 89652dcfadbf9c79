using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Generated and edited images: tokens of the newer models, or just the number of images, which is then our own count.</summary>
internal sealed class ImagesReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("type", Slot.Type),
        ("id", Slot.Id),
        ("model", Slot.Model),
        ("data[]", Slot.Item),
        // Imagen on Vertex.
        ("predictions[]", Slot.Item),
        .. UsagePaths("usage"),
    ]);

    private long _images;
    private bool _completed;

    public override PathTable Paths => Table;

    /// <summary>xAI reports nothing but its price.</summary>
    protected override bool Reports => base.Reports || (Quirks.BillsTicks && this[Slot.CostTicks] >= 0);

    public override void OnBodyEnd(in HeaderCounts headers, bool complete)
    {
        Usage = Usage with { Images = _images, ImageOutput = Usage is { ImageOutput: 0, Output: > 0, Reasoning: 0 } ? Usage.Output : Usage.ImageOutput };
        // Billed by the image: no tokens are missing.
        HasInput |= _images > 0;
    }

    protected override void OnReset()
    {
        _images = 0;
        HasOutput = true;
    }

    protected override void OnBegin()
    {
        base.OnBegin();
        _completed = false;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Type)
        {
            _completed = value.EndsWith(".completed"u8);
            return;
        }
        base.OnOther(slot, kind, value);
    }

    protected override void OnEnd(Slot slot)
    {
        if (slot == Slot.Item)
        {
            _images++;
            return;
        }
        base.OnEnd(slot);
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        if (_completed)
        {
            // "image_generation.completed": the stream's own way to hand over an image.
            _images++;
            Finished = true;
        }
    }
}
