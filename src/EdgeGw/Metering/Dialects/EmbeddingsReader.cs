using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Embeddings: OpenAI's shape, and the native ones of Cohere, Gemini, Vertex and Ollama, which differ only in where the count stands.</summary>
internal sealed class EmbeddingsReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("message", Slot.ErrorMessage),
        ("id", Slot.Id),
        ("model", Slot.Model),
        .. UsagePaths("usage"),
        ("meta.billed_units.input_tokens", Slot.Input),
        ("meta.billed_units.image_tokens", Slot.ImageInputBeside),
        ("meta.billed_units.images", Slot.Images),
        ("meta.billed_units", Slot.Usage),
        ("usageMetadata", Slot.Usage),
        ("usageMetadata.promptTokenCount", Slot.Input),
        ("usageMetadata.totalTokenCount", Slot.Total),
        ("prompt_eval_count", Slot.ItemCount),
        ("predictions[].embeddings.statistics.token_count", Slot.ItemCount),
        ("metadata.billableCharacterCount", Slot.HostInput),
    ]);

    public override PathTable Paths => Table;

    protected override bool Reports => base.Reports || this[Slot.ImageInputBeside] >= 0 || this[Slot.Images] >= 0;

    protected override void OnReset() => HasOutput = true;

    protected override void OnCount(Slot slot, long count)
    {
        if (slot == Slot.ItemCount)
        {
            // Vertex counts each text of a batch by itself.
            this[slot] = Count(slot) + count;
            return;
        }
        base.OnCount(slot, count);
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        if (!HasUsage && this[Slot.ItemCount] >= 0)
        {
            Usage = new Usage { Input = this[Slot.ItemCount] };
            HasUsage = complete;
            HasInput = complete;
        }
        var image = Count(Slot.ImageInputBeside);
        Usage = Usage with
        {
            Input = Usage.Input + image,
            ImageInput = Usage.ImageInput + image,
            Images = Count(Slot.Images),
            Characters = Count(Slot.HostInput),
        };
    }
}
