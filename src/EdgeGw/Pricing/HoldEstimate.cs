using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Pricing;

/// <summary>The most that a request can cost, by what its body says: what budgets hold before the provider is called.</summary>
/// <remarks>
/// The bound is strict for one pass of one model over what the body holds or refers to. Tools that the provider runs in a loop may pass it, since each
/// turn bills the conversation anew; the difference is booked as overrun.
/// </remarks>
public static class HoldEstimate
{
    /// <summary>Template tokens, and the system prompt that providers add for tools (some hundred tokens each for Anthropic's own).</summary>
    private const long TemplateTokens = 64;
    private const long ToolPromptTokens = 2_048;

    /// <summary>One image where the catalogue does not say: above what a full-size image costs any family but the one that does say.</summary>
    private const long ImageTokens = 8_192;

    /// <summary>The context window of a model that has none in the catalogue, where only it bounds the input.</summary>
    private const long AssumedContextWindow = 1_000_000;

    /// <summary>Speech is intelligible down to about eight kilobits a second; below that a file lasts longer than is held for.</summary>
    private const long BytesPerSecond = 1_000;

    /// <summary>Documents come by reference too; no provider of the table reads more pages at once.</summary>
    private const long MostPages = 1_000;

    /// <summary>A hundred documents, each of them at least two quotes and a comma.</summary>
    private const long BytesPerSearchUnit = 300;

    /// <summary>A cost rounds up each of ten token classes, the bound only two.</summary>
    private static readonly NanoUsd RoundedUp = new(8);

    /// <summary>The bound, or null when there is none: no price, or more than a budget can count. Null means refusal wherever a budget applies.</summary>
    public static NanoUsd? UpperBound(in RequestFacts facts, PricedModel price, RequestConfig config)
    {
        if (price.Price is not { } known)
        {
            return null;
        }
        try
        {
            return Bound(facts, known, config);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>
    /// How many output tokens, of all answers together, <paramref name="amount"/> pays beside the input: so many and no more keep the bound within it.
    /// Zero: not even the input fits. Null: output is not what the call is charged for, or no price is known.
    /// </summary>
    /// <param name="input">The input tokens, where the provider has told them; null: the most that they can be.</param>
    public static long? OutputWithin(in RequestFacts facts, PricedModel price, NanoUsd amount, long? input = null)
    {
        if (price.Price is not { } known)
        {
            return null;
        }
        try
        {
            var (fixedPart, outputRate, multiplier) = Parts(facts, known, input ?? InputTokens(facts, known));
            return outputRate.UnitsWithin(amount - fixedPart - RoundedUp, multiplier);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static NanoUsd Bound(in RequestFacts facts, ModelPrice price, RequestConfig config)
    {
        var output = checked((facts.MaxOutput ?? price.MaxOutput ?? config.AssumedMaxOutput) * Math.Max(1, facts.Choices));
        var (fixedPart, outputRate, multiplier) = Parts(facts, price, InputTokens(facts, price));
        var bound = fixedPart + outputRate.CostOf(output, multiplier);
        return bound == NanoUsd.Zero ? bound : bound + RoundedUp;
    }

    /// <summary>What is owed whatever is answered, and what each token of the answer may cost.</summary>
    private static (NanoUsd Fixed, UnitPrice OutputRate, Multiplier Multiplier) Parts(in RequestFacts facts, ModelPrice price, long input)
    {
        var multiplier = price.Factor * DearestTier(price, facts.ServiceTier) * DearestPlace(price, facts);

        // Rates of every length that the input may reach: nothing says that a longer one is dearer in each class.
        var inputRate = DearestInput(price.Rates, facts);
        var outputRate = DearestOutput(price.Rates);
        for (var i = 0; i < price.LongContext.Count && input > price.LongContext[i].Above; i++)
        {
            inputRate = UnitPrice.Max(inputRate, DearestInput(price.LongContext[i].Rates, facts));
            outputRate = UnitPrice.Max(outputRate, DearestOutput(price.LongContext[i].Rates));
        }
        return (inputRate.CostOf(input, multiplier) + Fees(facts, price.Fees), outputRate, multiplier);
    }

    private static long InputTokens(in RequestFacts facts, ModelPrice price)
    {
        if (facts.OpenEndedInput)
        {
            return price.ContextWindow ?? Math.Max(AssumedContextWindow, facts.InputBytes);
        }
        var tokens = checked(facts.InputBytes + TemplateTokens + (facts.HasTools ? ToolPromptTokens : 0)
            + (facts.MediaParts * (price.MaxImageTokens ?? ImageTokens)));
        // A list of prompts or of texts to embed is many inputs, each with a window of its own.
        var isOneInput = facts.Dialect is not (Dialect.Completions or Dialect.Embeddings or Dialect.Rerank or Dialect.Opaque);
        return isOneInput ? Math.Min(tokens, price.ContextWindow ?? tokens) : tokens;
    }

    private static UnitPrice DearestInput(PriceRates rates, in RequestFacts facts)
    {
        var dearest = rates.Input;
        if (facts.Dialect != Dialect.Messages || facts.WritesCache)
        {
            dearest = UnitPrice.Max(dearest, rates.CacheWrite);
        }
        if (facts.WritesCache1h)
        {
            dearest = UnitPrice.Max(dearest, rates.CacheWrite1h);
        }
        if (facts.HasAudio || facts.OpenEndedInput)
        {
            dearest = UnitPrice.Max(dearest, rates.AudioInput);
        }
        return facts.MediaParts > 0 || facts.OpenEndedInput ? UnitPrice.Max(dearest, rates.ImageInput) : dearest;
    }

    private static UnitPrice DearestOutput(PriceRates rates) =>
        UnitPrice.Max(UnitPrice.Max(rates.Output, rates.Reasoning), UnitPrice.Max(rates.AudioOutput, rates.ImageOutput));

    /// <summary>What the tier asked for may cost. An unknown one may be any: answers say which it was only afterwards.</summary>
    private static Multiplier DearestTier(ModelPrice price, string? serviceTier)
    {
        // A request for a cheap tier may be served at the standard price, so that one is the least.
        var dearest = Multiplier.One;
        if (serviceTier is null or "default" or "standard" or "standard_only" or "flex" or "batch")
        {
            return dearest;
        }
        for (var i = 0; i < price.ServiceTiers.Count; i++)
        {
            if (price.ServiceTiers[i].Multiplier.IsAbove(dearest))
            {
                dearest = price.ServiceTiers[i].Multiplier;
            }
        }
        return dearest;
    }

    /// <summary>A workspace may have a place of its own set with the provider: that is not known here, and books an overrun.</summary>
    private static Multiplier DearestPlace(ModelPrice price, in RequestFacts facts)
    {
        var dearest = Multiplier.One;
        for (var i = 0; facts.PicksPlace && i < price.Places.Count; i++)
        {
            if (price.Places[i].Multiplier.IsAbove(dearest))
            {
                dearest = price.Places[i].Multiplier;
            }
        }
        return dearest;
    }

    private static NanoUsd Fees(in RequestFacts facts, UnitFees fees) => ReferenceEquals(fees, UnitFees.None) ? NanoUsd.Zero
        : Cost.OfUnits(MostUnits(facts), fees.For(facts));

    /// <summary>The most that can be counted beside tokens.</summary>
    private static Usage MostUnits(in RequestFacts facts) => new()
    {
        // Something is answered.
        Output = 1,
        WebSearches = facts.WebSearches,
        FileSearches = facts.FileSearches,
        Containers = facts.Containers,
        Images = facts.Dialect == Dialect.Images ? Math.Max(1, facts.Choices) : 0,
        Seconds = facts.Dialect == Dialect.Transcriptions ? (facts.InputBytes / BytesPerSecond) + 1 : 0,
        Characters = facts.Dialect == Dialect.Speech ? facts.Characters ?? facts.InputBytes : 0,
        Pages = facts.Dialect == Dialect.Ocr ? MostPages : 0,
        SearchUnits = facts.Dialect == Dialect.Rerank ? (facts.InputBytes / BytesPerSearchUnit) + 1 : 0,
    };
}
