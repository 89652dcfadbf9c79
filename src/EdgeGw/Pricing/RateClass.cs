namespace EdgeGw.Pricing;

/// <summary>A token class with a price: its name in price files, and where it stands in them and in prices.</summary>
internal sealed record RateClass(
    string Name, Func<PriceRates, UnitPrice> Of, Func<CatalogueDocument.Rates, decimal?> Get, Action<CatalogueDocument.Rates, decimal> Set)
{
    public static readonly RateClass Input = new("input", r => r.Input, r => r.Input, (r, v) => r.Input = v);
    public static readonly RateClass Output = new("output", r => r.Output, r => r.Output, (r, v) => r.Output = v);
    public static readonly RateClass CachedInput = new("cached_input", r => r.CachedInput, r => r.CachedInput, (r, v) => r.CachedInput = v);
    public static readonly RateClass CacheWrite = new("cache_write", r => r.CacheWrite, r => r.CacheWrite, (r, v) => r.CacheWrite = v);
    public static readonly RateClass CacheWrite1h = new("cache_write_1h", r => r.CacheWrite1h, r => r.CacheWrite1h, (r, v) => r.CacheWrite1h = v);
    public static readonly RateClass AudioInput = new("audio_input", r => r.AudioInput, r => r.AudioInput, (r, v) => r.AudioInput = v);
    public static readonly RateClass ImageInput = new("image_input", r => r.ImageInput, r => r.ImageInput, (r, v) => r.ImageInput = v);
    public static readonly RateClass Reasoning = new("reasoning", r => r.Reasoning, r => r.Reasoning, (r, v) => r.Reasoning = v);
    public static readonly RateClass AudioOutput = new("audio_output", r => r.AudioOutput, r => r.AudioOutput, (r, v) => r.AudioOutput = v);
    public static readonly RateClass ImageOutput = new("image_output", r => r.ImageOutput, r => r.ImageOutput, (r, v) => r.ImageOutput = v);

    /// <summary>The class that this one is part of, and whose price it has where it has none of its own; null for the two wholes.</summary>
    public RateClass? Whole => this == Input || this == Output ? null
        : this == CacheWrite1h ? CacheWrite
        : this == Reasoning || this == AudioOutput || this == ImageOutput ? Output : Input;

    public static IReadOnlyList<RateClass> All { get; } =
        [Input, Output, CachedInput, CacheWrite, CacheWrite1h, AudioInput, ImageInput, Reasoning, AudioOutput, ImageOutput];
}
