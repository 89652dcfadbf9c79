using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Gemini Interactions: totals in the interaction that the last event repeats, or in the body; thoughts and tool prompts stand beside.</summary>
internal sealed class InteractionsReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        .. InteractionPaths(""),
        .. InteractionPaths("interaction."),
        // Running copies.
        .. UsagePaths("metadata.usage"),
        ("event_type", Slot.Type),
        ("interaction_id", Slot.Id),
        ("delta.text", Slot.Text),
        ("delta.arguments", Slot.Text),
        ("delta.content.text", Slot.Text),
        ("step.type", Slot.ItemType),
        ("steps[].type", Slot.ItemType),
        ("steps[].content[].text", Slot.Text),
        ("outputs[].text", Slot.Text),
    ]);

    private bool _usageClosed;
    private Slot _modality;
    private long _searches;

    public override PathTable Paths => Table;

    protected override void OnReset() => _searches = 0;

    protected override void OnBegin()
    {
        _usageClosed = false;
        _modality = Slot.None;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (slot)
        {
            case Slot.Type:
                Terminated |= value.SequenceEqual("interaction.completed"u8) || value.SequenceEqual("interaction.complete"u8);
                break;
            case Slot.Status:
                State = StateOf(value);
                Finished |= !Pending;
                break;
            case Slot.ItemType:
                _searches += value.SequenceEqual("google_search_call"u8) ? 1 : 0;
                break;
            case Slot.InputModality:
                _modality = value.SequenceEqual("audio"u8) ? Slot.AudioInput : value.SequenceEqual("image"u8) ? Slot.ImageInput : Slot.None;
                break;
            case Slot.OutputModality:
                _modality = value.SequenceEqual("audio"u8) ? Slot.AudioOutput : value.SequenceEqual("image"u8) ? Slot.ImageOutput : Slot.None;
                break;
        }
    }

    protected override void OnEnd(Slot slot)
    {
        if (slot == Slot.Usage)
        {
            _usageClosed = true;
        }
        else if (slot == Slot.Item)
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
        if (_usageClosed && (this[Slot.Input] >= 0 || this[Slot.Total] >= 0))
        {
            var input = Count(Slot.Input) + Count(Slot.ToolInput);
            var output = Count(Slot.Output) + Count(Slot.Reasoning);
            Usage = new Usage
            {
                Input = input,
                CachedInput = Math.Min(Count(Slot.CachedInput), input),
                ToolInput = Count(Slot.ToolInput),
                AudioInput = Math.Min(Count(Slot.AudioInput), input),
                ImageInput = Math.Min(Count(Slot.ImageInput), input),
                Output = output,
                Reasoning = Count(Slot.Reasoning),
                AudioOutput = Math.Min(Count(Slot.AudioOutput), output),
                ImageOutput = Math.Min(Count(Slot.ImageOutput), output),
            };
            HasUsage = true;
        }
        Usage = Usage with { WebSearches = _searches };
    }

    private static IEnumerable<(string Path, Slot Slot)> InteractionPaths(string prefix) =>
    [
        (prefix + "id", Slot.Id),
        (prefix + "model", Slot.Model),
        (prefix + "status", Slot.Status),
        (prefix + "service_tier", Slot.ServiceTier),
        .. UsagePaths(prefix + "usage"),
    ];

    private static IEnumerable<(string Path, Slot Slot)> UsagePaths(string prefix) =>
    [
        (prefix, Slot.Usage),
        (prefix + ".total_input_tokens", Slot.Input),
        (prefix + ".total_output_tokens", Slot.Output),
        (prefix + ".total_thought_tokens", Slot.Reasoning),
        (prefix + ".total_tool_use_tokens", Slot.ToolInput),
        (prefix + ".total_cached_tokens", Slot.CachedInput),
        (prefix + ".total_tokens", Slot.Total),
        (prefix + ".input_tokens_by_modality[]", Slot.Item),
        (prefix + ".input_tokens_by_modality[].modality", Slot.InputModality),
        (prefix + ".input_tokens_by_modality[].tokens", Slot.ItemCount),
        (prefix + ".output_tokens_by_modality[]", Slot.Item),
        (prefix + ".output_tokens_by_modality[].modality", Slot.OutputModality),
        (prefix + ".output_tokens_by_modality[].tokens", Slot.ItemCount),
    ];
}
