using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Bedrock <c>Converse</c>, and the <c>metadata</c> event with which its stream ends after the stop. The cache stands beside input.</summary>
/// <remarks>The cache's counts come under two names at once, or under the second alone: one of them counts.</remarks>
internal sealed class ConverseReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("message", Slot.ErrorMessage),
        ("usage", Slot.Usage),
        ("usage.inputTokens", Slot.Input),
        ("usage.outputTokens", Slot.Output),
        ("usage.cacheReadInputTokens", Slot.CachedInput),
        ("usage.cacheReadInputTokenCount", Slot.CachedInputAlias),
        ("usage.cacheWriteInputTokens", Slot.CacheWrite),
        ("usage.cacheWriteInputTokenCount", Slot.CacheWriteAlias),
        ("usage.cacheDetails[]", Slot.Item),
        ("usage.cacheDetails[].ttl", Slot.ItemType),
        ("usage.cacheDetails[].inputTokens", Slot.ItemCount),
        ("serviceTier.type", Slot.ServiceTier),
        ("trace.promptRouter.invokedModelId", Slot.Model),
        ("stopReason", Slot.Finish),
        ("output.message.content[].text", Slot.Text),
        ("output.message.content[].reasoningContent.reasoningText.text", Slot.ReasoningText),
        ("delta.text", Slot.Text),
        ("delta.toolUse.input", Slot.Text),
        ("delta.reasoningContent.text", Slot.ReasoningText),
    ]);

    private bool _usageClosed;
    private bool _itemIs1h;

    public override PathTable Paths => Table;

    public override void OnBodyEnd(in HeaderCounts headers, bool complete)
    {
        SetTier(headers.ServiceTier);
        if (HasUsage || HasError)
        {
            return;
        }
        OnDocumentStart();
        this[Slot.Input] = HasInput ? Usage.Input - Usage.CachedInput - Usage.CacheWrite : Bounded(headers.Input);
        this[Slot.CachedInput] = HasInput ? Usage.CachedInput : Bounded(headers.CacheRead);
        this[Slot.CacheWrite] = HasInput ? Usage.CacheWrite : Bounded(headers.CacheWrite);
        this[Slot.CacheWrite1h] = Usage.CacheWrite1h;
        this[Slot.Output] = HasOutput ? Usage.Output : Bounded(headers.Output);
        Map();
    }

    protected override void OnBegin() => _usageClosed = _itemIs1h = false;

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.ItemType)
        {
            _itemIs1h = value.SequenceEqual("1h"u8);
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
            if (_itemIs1h)
            {
                this[Slot.CacheWrite1h] = Count(Slot.CacheWrite1h) + Count(Slot.ItemCount);
            }
            _itemIs1h = false;
            this[Slot.ItemCount] = -1;
        }
    }

    protected override void OnCommit(bool complete)
    {
        if (_usageClosed)
        {
            Map();
        }
    }

    private void Map()
    {
        var read = Count(Slot.CachedInput, Slot.CachedInputAlias);
        var written = Count(Slot.CacheWrite, Slot.CacheWriteAlias);
        HasInput |= this[Slot.Input] >= 0;
        HasOutput |= this[Slot.Output] >= 0;
        HasUsage = HasInput && HasOutput;
        Usage = new Usage
        {
            Input = Count(Slot.Input) + read + written,
            CachedInput = read,
            CacheWrite = written,
            CacheWrite1h = Math.Min(Count(Slot.CacheWrite1h), written),
            Output = Count(Slot.Output),
        };
    }
}
