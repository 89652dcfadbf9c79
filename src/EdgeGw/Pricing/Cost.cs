using EdgeGw.Metering;

namespace EdgeGw.Pricing;

/// <summary>What a usage costs: disjoint token classes, each times its rate in 128-bit integers, each rounded up once.</summary>
public static class Cost
{
    /// <summary>The cost at <paramref name="price"/>. Without a price it is zero and no fact: see <see cref="PricedModel.Source"/>.</summary>
    /// <param name="served">The terms that served, by the answer's word; default: the standard ones.</param>
    /// <exception cref="OverflowException">More than <see cref="NanoUsd"/> can hold.</exception>
    public static NanoUsd CostOf(in Usage usage, PricedModel price, in ServedTerms served) =>
        price.Price is { } known ? Of(usage, known.RatesFor(usage.Input), known.MultiplierFor(served, usage.Input), known.Fees) : NanoUsd.Zero;

    /// <summary>As above, but a cost that the provider reported wins, and so does its source; except over a price that was agreed on with us:
    /// a contract's, a free provider's, or the caller's own.</summary>
    /// <exception cref="OverflowException">More than <see cref="NanoUsd"/> can hold.</exception>
    public static NanoUsd CostOf(in Usage usage, PricedModel price, in ServedTerms served, NanoUsd? reported, out CostSource source)
    {
        if (reported is { Value: >= 0 } amount && !price.IsAgreed)
        {
            source = CostSource.Provider;
            return amount;
        }
        source = price.Source;
        return CostOf(usage, price, served);
    }

    /// <summary>The tokens alone, without any fee.</summary>
    internal static NanoUsd OfTokens(in Usage usage, ModelPrice price, in ServedTerms served) =>
        Of(usage, price.RatesFor(usage.Input), price.MultiplierFor(served, usage.Input), UnitFees.None);

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
        return ReferenceEquals(fees, UnitFees.None) ? cost : cost + OfUnits(usage, fees);
    }

    /// <summary>What is charged beside tokens.</summary>
    internal static NanoUsd OfUnits(in Usage usage, UnitFees fees) =>
        fees.Request.CostOf(usage.IsEmpty ? 0 : 1, Multiplier.One)
        + fees.WebSearch.CostOf(usage.WebSearches, Multiplier.One)
        + fees.GroundedRequest.CostOf(usage.WebSearches > 0 ? 1 : 0, Multiplier.One)
        + fees.FileSearch.CostOf(usage.FileSearches, Multiplier.One)
        + fees.Container.CostOf(usage.Containers, Multiplier.One)
        + fees.SearchUnit.CostOf(usage.SearchUnits, Multiplier.One)
        + fees.Image.CostOf(usage.Images, Multiplier.One)
        + fees.Second.CostOf(usage.Seconds > 0 ? Math.Max(usage.Seconds, fees.MinSeconds) : 0, Multiplier.One)
        + fees.Character.CostOf(usage.Characters, Multiplier.One)
        + fees.Page.CostOf(usage.Pages, Multiplier.One);

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
