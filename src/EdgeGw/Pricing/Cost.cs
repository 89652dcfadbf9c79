using EdgeGw.Metering;

namespace EdgeGw.Pricing;

/// <summary>What a usage costs: disjoint token classes, each times its rate in 128-bit integers, each rounded up once.</summary>
public static class Cost
{
    /// <summary>The cost at <paramref name="price"/>. Without a price it is zero and no fact: see <see cref="PricedModel.Source"/>.</summary>
    /// <param name="serviceTier">The tier that served, by the answer's word; null: the standard one.</param>
    /// <exception cref="OverflowException">More than <see cref="NanoUsd"/> can hold.</exception>
    public static NanoUsd CostOf(in Usage usage, PricedModel price, string? serviceTier) =>
        price.Price is { } known ? Of(usage, known.RatesFor(usage.Input), known.MultiplierFor(serviceTier), known.Fees) : NanoUsd.Zero;

    /// <summary>As above, but a cost that the provider reported wins, and so does its source; except where the provider is configured as free.</summary>
    /// <exception cref="OverflowException">More than <see cref="NanoUsd"/> can hold.</exception>
    public static NanoUsd CostOf(in Usage usage, PricedModel price, string? serviceTier, NanoUsd? reported, out CostSource source)
    {
        if (reported is { Value: >= 0 } amount && price.Source != CostSource.Override)
        {
            source = CostSource.Provider;
            return amount;
        }
        source = price.Source;
        return CostOf(usage, price, serviceTier);
    }

    internal static NanoUsd Of(in Usage usage, PriceRates rates, Multiplier multiplier, UnitFees fees)
    {
        // Parts are taken out of their whole one after the other, so that no token is charged twice and no class goes below zero,
        // whatever a provider reports (Azure: more cached than input; OpenRouter: read and write overlapping).
        var input = Math.Max(0, usage.Input);
        var cached = Take(ref input, usage.CachedInput);
        var write1h = Take(ref input, Math.Min(usage.CacheWrite1h, usage.CacheWrite));
        var write = Take(ref input, usage.CacheWrite - write1h);
        var audioInput = TakeApart(ref input, usage.AudioInput, rates.AudioInput, rates.Input);
        var imageInput = TakeApart(ref input, usage.ImageInput, rates.ImageInput, rates.Input);

        var output = Math.Max(0, usage.Output);
        var audioOutput = TakeApart(ref output, usage.AudioOutput, rates.AudioOutput, rates.Output);
        var imageOutput = TakeApart(ref output, usage.ImageOutput, rates.ImageOutput, rates.Output);
        var reasoning = TakeApart(ref output, usage.Reasoning, rates.Reasoning, rates.Output);

        var cost = rates.Input.CostOf(input, multiplier)
            + rates.CachedInput.CostOf(cached, multiplier)
            + rates.CacheWrite.CostOf(write, multiplier)
            + rates.CacheWrite1h.CostOf(write1h, multiplier)
            + rates.AudioInput.CostOf(audioInput, multiplier)
            + rates.ImageInput.CostOf(imageInput, multiplier)
            + rates.Output.CostOf(output, multiplier)
            + rates.AudioOutput.CostOf(audioOutput, multiplier)
            + rates.ImageOutput.CostOf(imageOutput, multiplier)
            + rates.Reasoning.CostOf(reasoning, multiplier);
        return ReferenceEquals(fees, UnitFees.None) ? cost : cost + Of(usage, fees);
    }

    private static NanoUsd Of(in Usage usage, UnitFees fees) =>
        fees.Request.CostOf(usage.IsEmpty ? 0 : 1, Multiplier.One)
        + fees.WebSearch.CostOf(usage.WebSearches, Multiplier.One)
        + fees.GroundedRequest.CostOf(usage.WebSearches > 0 ? 1 : 0, Multiplier.One)
        + fees.SearchUnit.CostOf(usage.SearchUnits, Multiplier.One)
        + fees.Image.CostOf(usage.Images, Multiplier.One)
        + fees.Second.CostOf(usage.Seconds, Multiplier.One)
        + fees.Character.CostOf(usage.Characters, Multiplier.One);

    private static long Take(ref long whole, long part)
    {
        var taken = Math.Clamp(part, 0, whole);
        whole -= taken;
        return taken;
    }

    /// <summary>A part with the whole's own price stays in the whole: one component, rounded once.</summary>
    private static long TakeApart(ref long whole, long part, UnitPrice partPrice, UnitPrice wholePrice) =>
        partPrice == wholePrice ? 0 : Take(ref whole, part);
}
