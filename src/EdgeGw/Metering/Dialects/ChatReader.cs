using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Chat Completions and legacy Completions, of OpenAI and of everyone who copies them.</summary>
internal sealed class ChatReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("object", Slot.Type),
        ("type", Slot.ErrorType),
        ("code", Slot.ErrorCode),
        ("id", Slot.Id),
        ("model", Slot.Model),
        ("service_tier", Slot.ServiceTier),
        .. UsagePaths("usage"),
        // The same numbers in a second place, for answers that have them only there.
        .. UsagePaths("x_groq.usage"),
        .. UsagePaths("choices[].usage"),
        .. BreakdownPaths("usage_breakdown.models[]"),
        .. BreakdownPaths("x_groq.usage_breakdown.models[]"),
        ("choices[].finish_reason", Slot.Finish),
        ("choices[].text", Slot.TextCopy),
        .. TextPaths("choices[].delta"),
        .. TextPaths("choices[].message"),
    ]);

    private Usage _models;

    public override PathTable Paths => Table;

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Type && value.SequenceEqual("error"u8))
        {
            // Mistral puts the error's members at the top.
            MarkError();
            return;
        }
        base.OnOther(slot, kind, value);
    }

    protected override void OnEnd(Slot slot)
    {
        if (slot != Slot.Item)
        {
            base.OnEnd(slot);
            return;
        }
        var input = Count(Slot.ItemInput);
        var output = Count(Slot.ItemOutput);
        var part = new Usage
        {
            Input = input,
            CachedInput = Math.Min(Count(Slot.ItemCacheRead), input),
            Output = output,
            Reasoning = Math.Min(Count(Slot.ItemCount), output),
        };
        AddPart(part);
        _models = new Usage
        {
            Input = _models.Input + part.Input,
            CachedInput = _models.CachedInput + part.CachedInput,
            Output = _models.Output + part.Output,
            Reasoning = _models.Reasoning + part.Reasoning,
        };
        this[Slot.ItemInput] = this[Slot.ItemCacheRead] = this[Slot.ItemOutput] = this[Slot.ItemCount] = -1;
    }

    protected override void OnBegin()
    {
        base.OnBegin();
        _models = default;
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        if (_models.Input + _models.Output > 0)
        {
            // Groq's compound systems: what each of the models behind the answer used.
            Usage = Usage with
            {
                Input = _models.Input,
                CachedInput = _models.CachedInput,
                Output = _models.Output,
                Reasoning = _models.Reasoning,
            };
            TakeParts();
            HasUsage = true;
        }
    }

    private static IEnumerable<(string Path, Slot Slot)> BreakdownPaths(string prefix) =>
    [
        (prefix, Slot.Item),
        (prefix + ".model", Slot.ItemModel),
        (prefix + ".usage.prompt_tokens", Slot.ItemInput),
        (prefix + ".usage.prompt_tokens_details.cached_tokens", Slot.ItemCacheRead),
        (prefix + ".usage.completion_tokens", Slot.ItemOutput),
        (prefix + ".usage.completion_tokens_details.reasoning_tokens", Slot.ItemCount),
    ];

    private static IEnumerable<(string Path, Slot Slot)> TextPaths(string prefix) =>
    [
        (prefix + ".content", Slot.Text),
        (prefix + ".content[].text", Slot.Text),
        (prefix + ".content[].thinking[].text", Slot.ReasoningText),
        (prefix + ".refusal", Slot.Text),
        (prefix + ".reasoning", Slot.ReasoningText),
        (prefix + ".reasoning_content", Slot.ReasoningCopy),
        (prefix + ".tool_calls[].function.name", Slot.Text),
        (prefix + ".tool_calls[].function.arguments", Slot.Text),
        (prefix + ".function_call.arguments", Slot.Text),
        (prefix + ".audio.transcript", Slot.Text),
    ];
}
