using System.Runtime.CompilerServices;
using EdgeGw.Metering.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Metering.Dialects;

/// <summary>
/// Anthropic's way to count, on every host. Numbers of later events are laid over those of <c>message_start</c> field by field; its input changes when
/// server tools ran and its output is a placeholder. Input is the sum of uncached, read and written.
/// </summary>
internal abstract class AnthropicReader : DialectReader
{
    private Known _known;
    private Tokens _served;
    private Tokens _declined;
    private int _items;
    private bool _itemIsMessage;
    private bool _fallback;
    private bool _usageClosed;
    private bool _startClosed;
    private bool _stop;

    /// <summary>The places of everything that Anthropic's bodies and events hold.</summary>
    protected static IEnumerable<(string Path, Slot Slot)> MessagePaths { get; } =
    [
        .. ErrorPaths,
        ("type", Slot.Type),
        ("id", Slot.Id),
        ("model", Slot.Model),
        ("message.id", Slot.Id),
        ("message.model", Slot.Model),
        ("content_block.to.model", Slot.Model),
        ("stop_reason", Slot.Finish),
        ("delta.stop_reason", Slot.Finish),
        ("delta.text", Slot.Text),
        ("delta.thinking", Slot.ReasoningText),
        ("delta.partial_json", Slot.Text),
        ("content[].text", Slot.Text),
        ("content[].thinking", Slot.ReasoningText),
        .. UsagePaths("usage"),
        .. UsagePaths("message.usage"),
        ("message.usage", Slot.StartUsage),
        ("usage.iterations[]", Slot.Item),
        ("usage.iterations[].type", Slot.ItemType),
        ("usage.iterations[].model", Slot.ItemModel),
        ("usage.iterations[].input_tokens", Slot.ItemInput),
        ("usage.iterations[].output_tokens", Slot.ItemOutput),
        ("usage.iterations[].cache_read_input_tokens", Slot.ItemCacheRead),
        ("usage.iterations[].cache_creation_input_tokens", Slot.ItemCacheWrite),
        ("usage.iterations[].cache_creation.ephemeral_5m_input_tokens", Slot.ItemCacheWrite5m),
        ("usage.iterations[].cache_creation.ephemeral_1h_input_tokens", Slot.ItemCacheWrite1h),
    ];


    protected override void OnReset() => ((Span<long>)_known).Fill(-1);

    protected override void OnBegin()
    {
        _served = _declined = default;
        _items = 0;
        _itemIsMessage = _fallback = _usageClosed = _startClosed = _stop = false;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (slot)
        {
            case Slot.Type:
                _stop = value.SequenceEqual("message_stop"u8);
                break;
            case Slot.Speed when kind == JsonKind.String:
                IsFast = value.SequenceEqual("fast"u8);
                break;
            case Slot.ItemType:
                _itemIsMessage = value.SequenceEqual("message"u8);
                _fallback |= value.SequenceEqual("fallback_message"u8);
                break;
        }
    }

    protected override void OnEnd(Slot slot)
    {
        switch (slot)
        {
            case Slot.Usage:
                _usageClosed = true;
                break;
            case Slot.StartUsage:
                _startClosed = true;
                break;
            case Slot.Item:
                EndItem();
                break;
        }
    }

    protected override void OnCommit(bool complete)
    {
        Finished |= _stop;
        Terminated |= _stop;
        OnBeforeOverlay();
        if (_usageClosed || _startClosed)
        {
            Overlay();
        }
    }

    /// <summary>The document's numbers are all read: a host that has them under other names moves them here.</summary>
    protected virtual void OnBeforeOverlay()
    {
    }

    /// <summary>The document is a stream's opening event, whose output is a placeholder.</summary>
    protected bool IsOpening => _startClosed;

    /// <summary>The document reports usage although it has no object of that name.</summary>
    protected void MarkUsage() => _usageClosed = true;

    /// <summary>What the documents so far have said of a class; -1: nothing.</summary>
    protected long KnownOf(Slot slot) => _known[(int)slot];

    /// <summary>Lays the document's numbers over what is known.</summary>
    protected void Overlay()
    {
        for (var slot = Slot.Input; slot < Slot.ItemCount; slot++)
        {
            if (this[slot] >= 0)
            {
                _known[(int)slot] = this[slot];
            }
        }
        HasInput |= this[Slot.Input] >= 0;
        HasUsage |= _usageClosed && this[Slot.Output] >= 0;
        Usage = Map();
        if (Quirks.BillsCost && this[Slot.Cost] >= 0)
        {
            Cost = new NanoUsd(this[Slot.Cost]);
        }
    }

    protected static IEnumerable<(string Path, Slot Slot)> UsagePaths(string prefix) =>
    [
        (prefix, Slot.Usage),
        (prefix + ".input_tokens", Slot.Input),
        (prefix + ".output_tokens", Slot.Output),
        (prefix + ".cache_read_input_tokens", Slot.CachedInput),
        (prefix + ".cache_creation_input_tokens", Slot.CacheWrite),
        (prefix + ".cache_creation.ephemeral_5m_input_tokens", Slot.CacheWrite5m),
        (prefix + ".cache_creation.ephemeral_1h_input_tokens", Slot.CacheWrite1h),
        (prefix + ".output_tokens_details.thinking_tokens", Slot.Reasoning),
        (prefix + ".server_tool_use.web_search_requests", Slot.WebSearches),
        (prefix + ".service_tier", Slot.ServiceTier),
        (prefix + ".speed", Slot.Speed),
        (prefix + ".inference_geo", Slot.Geography),
        (prefix + ".cost", Slot.Cost),
    ];

    private void EndItem()
    {
        var split5m = Count(Slot.ItemCacheWrite5m);
        var split1h = Count(Slot.ItemCacheWrite1h);
        var item = new Tokens(
            Count(Slot.ItemInput), Count(Slot.ItemCacheRead), this[Slot.ItemCacheWrite] >= 0 ? this[Slot.ItemCacheWrite] : split5m + split1h,
            split1h, Count(Slot.ItemOutput));
        var declined = _itemIsMessage && item.Output == 0;
        if (declined)
        {
            _declined += item;
        }
        else
        {
            _served += item;
        }
        AddPart(ToUsage(item), declined);
        _items++;
        _itemIsMessage = false;
        for (var slot = Slot.ItemInput; slot <= Slot.ItemCacheWrite1h; slot++)
        {
            this[slot] = -1;
        }
    }

    private Usage Map()
    {
        // The passes of a compaction and of an advisor are billed and left out of the top level; the list has them all. A hop that declined and
        // handed over to a fallback is on the list too, with no output: the top level leaves it out, and so do we.
        var tokens = _items == 0 ? TopLevel() : _fallback ? _served : _served + _declined;
        if (_items == 0)
        {
            DropParts();
        }
        else
        {
            TakeParts(withDeclined: !_fallback);
        }
        return ToUsage(tokens) with
        {
            Reasoning = Math.Min(Of(Slot.Reasoning), tokens.Output),
            WebSearches = Of(Slot.WebSearches),
        };
    }

    private static Usage ToUsage(in Tokens tokens) => new()
    {
        Input = tokens.Uncached + tokens.CacheRead + tokens.CacheWrite,
        CachedInput = tokens.CacheRead,
        CacheWrite = tokens.CacheWrite,
        CacheWrite1h = Math.Min(tokens.CacheWrite1h, tokens.CacheWrite),
        Output = tokens.Output,
    };

    private Tokens TopLevel() => new(
        Of(Slot.Input), Of(Slot.CachedInput),
        _known[(int)Slot.CacheWrite] >= 0 ? Of(Slot.CacheWrite) : Of(Slot.CacheWrite5m) + Of(Slot.CacheWrite1h),
        Of(Slot.CacheWrite1h), Of(Slot.Output));

    private long Of(Slot slot) => Math.Max(0, _known[(int)slot]);

    private readonly record struct Tokens(long Uncached, long CacheRead, long CacheWrite, long CacheWrite1h, long Output)
    {
        public static Tokens operator +(Tokens a, Tokens b) => new(
            a.Uncached + b.Uncached, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite, a.CacheWrite1h + b.CacheWrite1h, a.Output + b.Output);
    }

    [InlineArray((int)Slot.ItemCount)]
    private struct Known
    {
        private long _first;
    }
}
