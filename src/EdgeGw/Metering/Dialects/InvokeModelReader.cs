using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>
/// Bedrock <c>InvokeModel</c>: the body, or the events inside the event stream, are the model family's own. Anthropic and Nova count the cache beside
/// input; families that speak OpenAI's dialect count it inside; Llama and Titan have no cache, and some count nothing at all.
/// </summary>
/// <remarks>The host counts too, in headers or in the last event. That is taken only where the model says nothing: with tool calls it was seen too low.</remarks>
internal sealed class InvokeModelReader : AnthropicReader
{
    private static readonly PathTable Table = new(
    [
        .. MessagePaths,
        ("message", Slot.ErrorMessage),
        .. NovaPaths(""),
        .. NovaPaths("metadata."),
        ("contentBlockDelta.delta.text", Slot.Text),
        ("contentBlockDelta.delta.toolUse.input", Slot.Text),
        ("messageStop.stopReason", Slot.Finish),
        ("stopReason", Slot.Finish),
        ("output.message.content[].text", Slot.Text),

        // Llama: the prompt in the first event, a running count of output in each.
        ("prompt_token_count", Slot.Input),
        ("generation_token_count", Slot.Output),
        ("generation", Slot.Text),

        // Titan, text and embeddings.
        ("inputTextTokenCount", Slot.Input),
        ("totalOutputTextTokenCount", Slot.Output),
        ("results[].tokenCount", Slot.ItemCount),
        ("results[].outputText", Slot.Text),
        ("results[].completionReason", Slot.Finish),
        ("outputText", Slot.Text),
        ("completionReason", Slot.Finish),

        // Jamba, gpt-oss, Qwen, DeepSeek, newer Mistral.
        ("usage.prompt_tokens", Slot.InputWithCache),
        ("usage.completion_tokens", Slot.Output),
        ("usage.prompt_tokens_details.cached_tokens", Slot.CachedInputAlias),
        ("usage.completion_tokens_details.reasoning_tokens", Slot.Reasoning),
        ("choices[].text", Slot.Text),
        ("choices[].delta.content", Slot.Text),
        ("choices[].delta.reasoning_content", Slot.ReasoningText),
        ("choices[].delta.reasoning", Slot.ReasoningCopy),
        ("choices[].delta.tool_calls[].function.arguments", Slot.Text),
        ("choices[].message.content", Slot.Text),
        ("choices[].message.reasoning_content", Slot.ReasoningText),
        ("choices[].message.tool_calls[].function.arguments", Slot.Text),
        ("choices[].finish_reason", Slot.Finish),
        ("choices[].stop_reason", Slot.Finish),

        // Older Mistral, Cohere, Claude 2, Jurassic: nothing is counted.
        ("outputs[].text", Slot.Text),
        ("outputs[].stop_reason", Slot.Finish),
        ("text", Slot.Text),
        ("generations[].text", Slot.Text),
        ("finish_reason", Slot.Finish),
        ("generations[].finish_reason", Slot.Finish),
        ("completion", Slot.Text),
        ("completions[].data.text", Slot.Text),

        ("images[]", Slot.Image),
        ("artifacts[].base64", Slot.Image),

        ("amazon-bedrock-invocationMetrics.inputTokenCount", Slot.HostInput),
        ("amazon-bedrock-invocationMetrics.outputTokenCount", Slot.HostOutput),
        ("amazon-bedrock-invocationMetrics.cacheReadInputTokenCount", Slot.HostCacheRead),
        ("amazon-bedrock-invocationMetrics.cacheWriteInputTokenCount", Slot.HostCacheWrite),
    ]);

    private long _images;

    public override PathTable Paths => Table;

    public override void OnBodyEnd(in HeaderCounts headers, bool complete)
    {
        if (!HasUsage && !HasError)
        {
            OnDocumentStart();
            this[Slot.HostInput] = Bounded(headers.Input);
            this[Slot.HostOutput] = Bounded(headers.Output);
            this[Slot.HostCacheRead] = Bounded(headers.CacheRead);
            this[Slot.HostCacheWrite] = Bounded(headers.CacheWrite);
            OnBeforeOverlay();
            Overlay();
            // An embedding: there is no output to be counted.
            HasUsage |= complete && HasInput && Text.IsEmpty;
        }
        Usage = Usage with { Images = _images };
        SetTier(headers.ServiceTier);
    }

    protected override void OnReset()
    {
        base.OnReset();
        _images = 0;
    }

    protected override void OnCount(Slot slot, long count) => base.OnCount(slot, slot == Slot.ItemCount ? Count(slot) + count : count);

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Image)
        {
            _images += kind == JsonKind.String ? 1 : 0;
            return;
        }
        base.OnOther(slot, kind, value);
    }

    protected override void OnBeforeOverlay()
    {
        if (this[Slot.InputWithCache] >= 0)
        {
            var cached = Math.Min(Count(Slot.CachedInputAlias), this[Slot.InputWithCache]);
            this[Slot.Input] = this[Slot.InputWithCache] - cached;
            this[Slot.CachedInput] = cached;
        }
        Move(Slot.CachedInputAlias, Slot.CachedInput);
        Move(Slot.CacheWriteAlias, Slot.CacheWrite);
        Move(Slot.ItemCount, Slot.Output);
        if (!IsOpening && (this[Slot.Input] >= 0 || this[Slot.Output] >= 0))
        {
            MarkUsage();
        }
        TakeHostCounts();
    }

    private static IEnumerable<(string Path, Slot Slot)> NovaPaths(string prefix) =>
    [
        (prefix + "usage", Slot.Usage),
        (prefix + "usage.inputTokens", Slot.Input),
        (prefix + "usage.outputTokens", Slot.Output),
        (prefix + "usage.cacheReadInputTokens", Slot.CachedInput),
        (prefix + "usage.cacheReadInputTokenCount", Slot.CachedInputAlias),
        (prefix + "usage.cacheWriteInputTokens", Slot.CacheWrite),
        (prefix + "usage.cacheWriteInputTokenCount", Slot.CacheWriteAlias),
    ];

    private void TakeHostCounts()
    {
        var hasOutput = HasUsage || this[Slot.Output] >= 0;
        if (this[Slot.HostInput] < 0 && this[Slot.HostOutput] < 0)
        {
            return;
        }
        MoveUnknown(Slot.HostInput, Slot.Input);
        MoveUnknown(Slot.HostCacheRead, Slot.CachedInput);
        MoveUnknown(Slot.HostCacheWrite, Slot.CacheWrite);
        if (!hasOutput)
        {
            // What may be known of output is then the placeholder of the opening event.
            this[Slot.Output] = this[Slot.HostOutput];
        }
        MarkUsage();
    }

    private void Move(Slot from, Slot to)
    {
        if (this[to] < 0)
        {
            this[to] = this[from];
        }
    }

    private void MoveUnknown(Slot from, Slot to)
    {
        if (KnownOf(to) < 0)
        {
            Move(from, to);
        }
    }
}
