using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Gemini and Vertex: running counts in (almost) every chunk, of which the last one counts, because they can fall.</summary>
/// <remarks>Early chunks of Vertex hold only a traffic type, which is not a count of zero; a count missing beside others is. Thoughts and tool prompts stand beside.</remarks>
internal sealed class GeminiReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("responseId", Slot.Id),
        ("modelVersion", Slot.Model),
        ("promptFeedback.blockReason", Slot.Finish),
        ("candidates[].finishReason", Slot.Finish),
        ("candidates[].content.parts[].text", Slot.Text),
        ("candidates[].content.parts[].thought", Slot.Thought),
        ("candidates[].groundingMetadata.webSearchQueries[]", Slot.SearchQuery),
        ("usageMetadata.promptTokenCount", Slot.Input),
        ("usageMetadata.candidatesTokenCount", Slot.Output),
        ("usageMetadata.thoughtsTokenCount", Slot.Reasoning),
        ("usageMetadata.toolUsePromptTokenCount", Slot.ToolInput),
        ("usageMetadata.cachedContentTokenCount", Slot.CachedInput),
        ("usageMetadata.totalTokenCount", Slot.Total),
        ("usageMetadata.serviceTier", Slot.ServiceTier),
        ("usageMetadata.trafficType", Slot.TrafficType),
        ("usageMetadata.promptTokensDetails[]", Slot.Item),
        ("usageMetadata.promptTokensDetails[].modality", Slot.InputModality),
        ("usageMetadata.promptTokensDetails[].tokenCount", Slot.ItemCount),
        ("usageMetadata.candidatesTokensDetails[]", Slot.Item),
        ("usageMetadata.candidatesTokensDetails[].modality", Slot.OutputModality),
        ("usageMetadata.candidatesTokensDetails[].tokenCount", Slot.ItemCount),
    ]);

    private long _searches;
    private Slot _modality;
    private bool _thought;

    public override PathTable Paths => Table;

    protected override bool IsThinking => _thought;

    protected override void OnBegin()
    {
        _thought = false;
        _searches = 0;
        _modality = Slot.None;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (slot)
        {
            case Slot.SearchQuery:
                _searches++;
                break;
            case Slot.Thought:
                _thought |= value.SequenceEqual("true"u8);
                break;
            case Slot.InputModality:
                _modality = IsAudio(value) ? Slot.AudioInput : IsImage(value) ? Slot.ImageInput : Slot.None;
                break;
            case Slot.OutputModality:
                _modality = IsAudio(value) ? Slot.AudioOutput : IsImage(value) ? Slot.ImageOutput : Slot.None;
                break;
            case Slot.TrafficType:
                OnTrafficType(value);
                break;
        }
    }

    protected override void OnEnd(Slot slot)
    {
        if (slot == Slot.Item)
        {
            if (_modality != Slot.None)
            {
                this[_modality] = Count(_modality) + Count(Slot.ItemCount);
            }
            _modality = Slot.None;
            this[Slot.ItemCount] = -1;
        }
    }

    protected override void OnCommit(bool complete)
    {
        var searches = _searches > 0 ? _searches : Usage.WebSearches;
        var reasoning = Count(Slot.Reasoning);
        var output = Count(Slot.Output) + reasoning;
        if (this[Slot.Input] >= 0 || this[Slot.Total] >= 0)
        {
            var input = Count(Slot.Input) + Count(Slot.ToolInput);
            Usage = new Usage
            {
                Input = input,
                CachedInput = Math.Min(Count(Slot.CachedInput), input),
                ToolInput = Count(Slot.ToolInput),
                AudioInput = Math.Min(Count(Slot.AudioInput), input),
                ImageInput = Math.Min(Count(Slot.ImageInput), input),
                Output = output,
                Reasoning = reasoning,
                AudioOutput = Math.Min(Count(Slot.AudioOutput), output),
                ImageOutput = Math.Min(Count(Slot.ImageOutput), output),
            };
            HasUsage = true;
        }
        else if (output > 0)
        {
            // Recorded with an image by URI: the output's counts without a word on the prompt. Half of a usage is none; the rest is estimated.
            Usage = Usage with { Output = output, Reasoning = reasoning };
            HasOutput = true;
        }
        Usage = Usage with { WebSearches = searches };
    }

    /// <summary>The plain ON_DEMAND is what every price list means, and says nothing against a tier named beside it.</summary>
    private void OnTrafficType(ReadOnlySpan<byte> value)
    {
        var tier = value switch
        {
            _ when value.SequenceEqual("ON_DEMAND_FLEX"u8) => "flex"u8,
            _ when value.SequenceEqual("ON_DEMAND_PRIORITY"u8) => "priority"u8,
            _ when value.SequenceEqual("PROVISIONED_THROUGHPUT"u8) => "provisioned_throughput"u8,
            _ => default,
        };
        if (!tier.IsEmpty)
        {
            SetTier(tier);
        }
    }

    // Some clients write the enumeration's number.
    private static bool IsAudio(ReadOnlySpan<byte> value) => value.SequenceEqual("AUDIO"u8) || value.SequenceEqual("4"u8);

    private static bool IsImage(ReadOnlySpan<byte> value) => value.SequenceEqual("IMAGE"u8) || value.SequenceEqual("2"u8);
}
