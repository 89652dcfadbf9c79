namespace EdgeGw.Pricing;

/// <summary>What a token of each class costs. A class without a price of its own costs what the class it is part of costs.</summary>
public sealed record PriceRates
{
    private readonly UnitPrice? _cachedInput;
    private readonly UnitPrice? _cacheWrite;
    private readonly UnitPrice? _cacheWrite1h;
    private readonly UnitPrice? _audioInput;
    private readonly UnitPrice? _imageInput;
    private readonly UnitPrice? _reasoning;
    private readonly UnitPrice? _audioOutput;
    private readonly UnitPrice? _imageOutput;

    public required UnitPrice Input { get; init; }
    public required UnitPrice Output { get; init; }

    /// <summary>Never above <see cref="Input"/>: no provider charges more for what it need not compute.</summary>
    public UnitPrice CachedInput { get => UnitPrice.Min(_cachedInput ?? Input, Input); init => _cachedInput = value; }

    public UnitPrice CacheWrite { get => _cacheWrite ?? Input; init => _cacheWrite = value; }
    public UnitPrice CacheWrite1h { get => _cacheWrite1h ?? CacheWrite; init => _cacheWrite1h = value; }
    public UnitPrice AudioInput { get => _audioInput ?? Input; init => _audioInput = value; }
    public UnitPrice ImageInput { get => _imageInput ?? Input; init => _imageInput = value; }
    public UnitPrice Reasoning { get => _reasoning ?? Output; init => _reasoning = value; }
    public UnitPrice AudioOutput { get => _audioOutput ?? Output; init => _audioOutput = value; }
    public UnitPrice ImageOutput { get => _imageOutput ?? Output; init => _imageOutput = value; }

    /// <summary>All rates times a whole number.</summary>
    internal PriceRates Times(int factor)
    {
        UnitPrice Scaled(UnitPrice price) => new(checked(price.NanoUsdPerMillion * factor));
        return new PriceRates
        {
            Input = Scaled(Input),
            Output = Scaled(Output),
            CachedInput = Scaled(CachedInput),
            CacheWrite = Scaled(CacheWrite),
            CacheWrite1h = Scaled(CacheWrite1h),
            AudioInput = Scaled(AudioInput),
            ImageInput = Scaled(ImageInput),
            Reasoning = Scaled(Reasoning),
            AudioOutput = Scaled(AudioOutput),
            ImageOutput = Scaled(ImageOutput),
        };
    }
}
