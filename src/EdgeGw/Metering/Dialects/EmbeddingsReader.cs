using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Embeddings: OpenAI's shape, and the native ones of Cohere, Gemini, Vertex and Ollama, which differ only in where the count stands.</summary>
internal sealed class EmbeddingsReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("id", Slot.Id),
        ("model", Slot.Model),
        .. UsagePaths("usage"),
        ("meta.billed_units.input_tokens", Slot.Input),
        ("meta.billed_units.image_tokens", Slot.ImageInput),
        ("meta.billed_units", Slot.Usage),
        ("usageMetadata", Slot.Usage),
        ("usageMetadata.promptTokenCount", Slot.Input),
        ("prompt_eval_count", Slot.ItemCount),
        ("predictions[].embeddings.statistics.token_count", Slot.ItemCount),
    ]);

    public override PathTable Paths => Table;

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
        }
    }
}
