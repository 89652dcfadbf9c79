using EdgeGw.Metering;

namespace EdgeGw.Pricing;

/// <summary>The cost of a whole answer, which several models may have made, each at its own price.</summary>
/// <remarks>
/// A part by a model without a price costs what the answer's own model would, or the ceiling where that is configured and dearer, and marks the whole. A price
/// agreed on for the name that was asked for holds for the whole where none of the parts goes by that name: a system sold under one name.
/// </remarks>
public static class AnswerCost
{
    /// <param name="usage">The sum of all parts.</param>
    /// <param name="price">That of the answer's own model.</param>
    /// <param name="source">Whose price counted; the weakest one where parts have different ones.</param>
    /// <param name="unpriced">A model behind the answer that has no price, or only the ceiling; null: none.</param>
    /// <exception cref="OverflowException">More than <see cref="NanoUsd"/> can hold.</exception>
    public static NanoUsd Of(
        in Usage usage, PricedModel price, in ServedTerms served, NanoUsd? reported, PriceBook book, in PriceQuestion question, out CostSource source,
        out string? unpriced)
    {
        unpriced = null;
        if (served.Parts is not { } parts || !AddUp(parts, usage) || (reported is not null && !price.IsAgreed) || IsSoldAsOne(price, parts))
        {
            return Cost.CostOf(usage, price, served, reported, out source);
        }
        source = CostSource.Caller;
        var cost = price.Price is { } own ? Cost.OfUnits(usage, own.Fees) : NanoUsd.Zero;
        foreach (var part in parts)
        {
            var at = part.Model is null ? price : book.Resolve(question with { Model = part.Model });
            cost += OfPart(part.Usage, price, at, served);
            if (at.Source is CostSource.None or CostSource.Ceiling)
            {
                unpriced ??= part.Model ?? question.Model;
            }
            source = Weaker(source, at.Source);
        }
        return cost;
    }

    private static NanoUsd OfPart(in Usage usage, PricedModel main, PricedModel at, in ServedTerms served)
    {
        var cost = at.Price is { } price ? Cost.OfTokens(usage, price, served) : NanoUsd.Zero;
        if (at.Source is CostSource.None or CostSource.Ceiling && main.Price is { } own)
        {
            cost = NanoUsd.Max(cost, Cost.OfTokens(usage, own, served));
        }
        return cost;
    }

    private static bool IsSoldAsOne(PricedModel price, IReadOnlyList<UsagePart> parts)
    {
        if (price.Source == CostSource.Caller)
        {
            return true;
        }
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Model is null)
            {
                return false;
            }
        }
        return price.Source == CostSource.Override;
    }

    /// <summary>Parts of an answer that was cut off are not what it is billed by.</summary>
    private static bool AddUp(IReadOnlyList<UsagePart> parts, in Usage usage)
    {
        var (input, output) = (0L, 0L);
        for (var i = 0; i < parts.Count; i++)
        {
            input += parts[i].Usage.Input;
            output += parts[i].Usage.Output;
        }
        return input == usage.Input && output == usage.Output;
    }

    /// <summary>No fact before an assumption, an assumption before a list, a list before what was agreed on.</summary>
    private static CostSource Weaker(CostSource a, CostSource b) => Rank(a) <= Rank(b) ? a : b;

    private static int Rank(CostSource source) => source switch
    {
        CostSource.None => 0,
        CostSource.Ceiling => 1,
        CostSource.Catalogue => 2,
        CostSource.Override => 3,
        _ => 4,
    };
}
