using EdgeGw.Metering.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Metering.Dialects;

/// <summary>The usage object of the OpenAI family, which its look-alikes fill in each in their own way. The last one of a stream counts.</summary>
internal abstract class OpenAiReader : DialectReader
{
    private bool _byok;
    private bool _usageClosed;

    /// <summary>The places of the numbers inside a usage object at <paramref name="prefix"/>.</summary>
    protected static IEnumerable<(string Path, Slot Slot)> UsagePaths(string prefix) =>
    [
        (prefix, Slot.Usage),
        (prefix + ".prompt_tokens", Slot.Input),
        (prefix + ".input_tokens", Slot.Input),
        (prefix + ".completion_tokens", Slot.Output),
        (prefix + ".output_tokens", Slot.Output),
        (prefix + ".total_tokens", Slot.Total),
        (prefix + ".prompt_tokens_details.cached_tokens", Slot.CachedInput),
        (prefix + ".prompt_token_details.cached_tokens", Slot.CachedInput),
        (prefix + ".input_tokens_details.cached_tokens", Slot.CachedInput),
        (prefix + ".prompt_cache_hit_tokens", Slot.CachedInputAlias),
        (prefix + ".cached_tokens", Slot.CachedInputAlias),
        (prefix + ".num_cached_tokens", Slot.CachedInputAlias),
        (prefix + ".prompt_tokens_details.cache_write_tokens", Slot.CacheWrite),
        (prefix + ".input_tokens_details.cache_write_tokens", Slot.CacheWrite),
        (prefix + ".cache_creation_input_tokens", Slot.CacheWriteBeside),
        (prefix + ".prompt_tokens_details.audio_tokens", Slot.AudioInput),
        (prefix + ".input_tokens_details.audio_tokens", Slot.AudioInput),
        (prefix + ".prompt_tokens_details.image_tokens", Slot.ImageInput),
        (prefix + ".input_tokens_details.image_tokens", Slot.ImageInput),
        (prefix + ".completion_tokens_details.reasoning_tokens", Slot.Reasoning),
        (prefix + ".completion_token_details.reasoning_tokens", Slot.Reasoning),
        (prefix + ".output_tokens_details.reasoning_tokens", Slot.Reasoning),
        (prefix + ".completion_tokens_details.audio_tokens", Slot.AudioOutput),
        (prefix + ".output_tokens_details.audio_tokens", Slot.AudioOutput),
        (prefix + ".completion_tokens_details.image_tokens", Slot.ImageOutput),
        (prefix + ".output_tokens_details.image_tokens", Slot.ImageOutput),
        (prefix + ".prompt_audio_seconds", Slot.Seconds),
        (prefix + ".service_tier", Slot.ServiceTier),
        (prefix + ".num_search_queries", Slot.WebSearches),
        (prefix + ".server_side_tool_usage_details.web_search_calls", Slot.WebSearches),
        (prefix + ".cost", Slot.Cost),
        (prefix + ".cost.total_cost", Slot.Cost),
        (prefix + ".cost_details.upstream_inference_cost", Slot.UpstreamCost),
        (prefix + ".is_byok", Slot.Byok),
        (prefix + ".cost_in_usd_ticks", Slot.CostTicks),
    ];

    /// <summary>The document's numbers are a usage; a price alone is none.</summary>
    protected virtual bool Reports => this[Slot.Input] >= 0 || this[Slot.Output] >= 0 || this[Slot.Total] >= 0;

    protected override void OnBegin()
    {
        _byok = false;
        _usageClosed = false;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Byok)
        {
            _byok = value.SequenceEqual("true"u8);
        }
    }

    protected override void OnEnd(Slot slot)
    {
        if (slot == Slot.Usage)
        {
            _usageClosed = true;
        }
    }

    protected override void OnCommit(bool complete)
    {
        if (!_usageClosed)
        {
            return;
        }
        if (Reports)
        {
            Usage = Map();
            HasUsage = true;
        }
        else if (this[Slot.Cost] < 0)
        {
            return;
        }
        Cost = Quirks.BillsTicks && this[Slot.CostTicks] >= 0 ? new NanoUsd(this[Slot.CostTicks])
            // With the caller's own key at the upstream the router's price is only its fee; the upstream bills the rest.
            : Quirks.BillsCost && this[Slot.Cost] >= 0 ? new NanoUsd(this[Slot.Cost] + (_byok ? Count(Slot.UpstreamCost) : 0))
            : null;
    }

    private Usage Map()
    {
        var prompt = Count(Slot.Input);
        var completion = Count(Slot.Output);
        var total = this[Slot.Total];
        var reasoning = Count(Slot.Reasoning);
        var audio = Count(Slot.AudioInput);
        var beside = Count(Slot.CacheWriteBeside);
        var input = prompt + beside;
        if (this[Slot.Input] < 0 && this[Slot.Output] < 0)
        {
            input = Math.Max(0, total);
        }
        else if (Quirks.AudioBeside && total == prompt + completion + audio)
        {
            input += audio;
        }
        var output = completion;
        // xAI counts reasoning beside completion, on its own host and on others that serve its models; the total tells.
        if (Quirks.ReasoningOnTop || total == prompt + completion + reasoning)
        {
            output += reasoning;
        }
        else if (Quirks.HiddenReasoning && total > prompt + completion)
        {
            output = total - prompt;
            reasoning = Math.Max(reasoning, total - prompt - completion);
        }
        // Parts larger than the whole are in recordings of Azure (cache) and OpenRouter (cache, reasoning).
        var cached = Math.Min(Count(Slot.CachedInput, Slot.CachedInputAlias), input);
        return new Usage
        {
            Input = input,
            CachedInput = cached,
            CacheWrite = Math.Min(Count(Slot.CacheWrite, Slot.CacheWriteBeside), input - cached),
            AudioInput = Math.Min(audio, input),
            ImageInput = Math.Min(Count(Slot.ImageInput), input),
            Output = output,
            Reasoning = Math.Min(reasoning, output),
            AudioOutput = Math.Min(Count(Slot.AudioOutput), output),
            ImageOutput = Math.Min(Count(Slot.ImageOutput), output),
            WebSearches = Count(Slot.WebSearches),
            Seconds = Count(Slot.Seconds),
        };
    }
}
