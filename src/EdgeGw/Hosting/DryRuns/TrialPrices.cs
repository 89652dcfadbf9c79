using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>What recorded calls would have cost at the prices of a configuration.</summary>
internal sealed class TrialPrices(LoadedConfig loaded, RecordedTime time)
{
    private readonly PriceBook _book = new(loaded.Prices, loaded.Config!.Pricing, loaded.Config.Providers, time);

    /// <param name="isMoved">The target is another than the one that answered.</param>
    public TrialPrice Of(JournaledCall call, in TrialTarget target, bool isMoved)
    {
        var record = call.Record;
        time.Now = record.Time + TimeSpan.FromMilliseconds(record.TotalMilliseconds);
        var question = new PriceQuestion(target.Provider, target.Kind, target.Model, record.Principal);
        var price = _book.Resolve(question, isMoved ? null : record.Model);
        if (Kept(call, price, isMoved) is { } reason)
        {
            return new TrialPrice(record.Cost, record.Hold, reason.Length == 0 ? null : reason, IsUnpriced(record, price));
        }
        var terms = isMoved ? default : new ServedTerms { Tier = record.Request?.Tier, Geography = record.Request?.Geography };
        var cost = AnswerCost.Of(record.Usage, price, terms, reported: null, _book, question, out _, out _);
        string? bounded = null;
        if (record.UsageSource == UsageSource.Estimated && record.Hold > NanoUsd.Zero && cost > record.Hold)
        {
            // As a settlement does: nobody is billed for a guess beyond the hold.
            bounded = "estimated, and at most the recorded hold";
            cost = record.Hold;
        }
        return new TrialPrice(cost, HoldFor(record, cost), bounded, IsUnpriced(record, price));
    }

    /// <summary>Why the recorded cost stands: empty where it is certain, null where the call is priced anew.</summary>
    private static string? Kept(JournaledCall call, PricedModel price, bool isMoved)
    {
        var record = call.Record;
        var isNothing = call.Type == JournalRecordType.Void || (IsReading(record) && record.Corrects is null);
        if (isNothing || record.CostSource == CostSource.Caller)
        {
            return "";
        }
        if (record.Corrects is not null || record.Presumed)
        {
            return "presumed, or a correction of what was presumed";
        }
        if (isMoved)
        {
            return null;
        }
        if (record.CostSource == CostSource.Provider && !price.IsAgreed)
        {
            return "";
        }
        return record.Request switch
        {
            null => "recorded by an older build",
            { } request when request.Has(RequestTraits.SeveralModels) => "several models made the answer",
            { } request when request.Has(RequestTraits.FeesByRequest) => "fees by what the request asked for",
            _ => null,
        };
    }

    /// <summary>The recorded hold where the cost stays; else it changes as the cost does.</summary>
    private static NanoUsd HoldFor(UsageRecord record, NanoUsd cost)
    {
        if (cost == record.Cost)
        {
            return record.Hold;
        }
        if (record.Cost == NanoUsd.Zero)
        {
            return NanoUsd.Max(record.Hold, cost);
        }
        var scaled = (((Int128)record.Hold.Value * cost.Value) + record.Cost.Value - 1) / record.Cost.Value;
        return new NanoUsd(long.CreateSaturating(scaled));
    }

    /// <summary>Paths that are not understood, and readings, are often free: of them nothing is held.</summary>
    private static bool IsUnpriced(UsageRecord record, PricedModel price) => !price.IsPriced && record.CostSource != CostSource.Caller
        && record.Dialect != Dialect.Opaque && !IsReading(record);

    private static bool IsReading(UsageRecord record) => record.Request is { } request && request.Has(RequestTraits.Stored);
}

/// <summary>What a recorded call would have cost, and what would have been held for it.</summary>
/// <param name="Kept">Why the recorded cost, or a bound by it, stands in the place of a new one; null: it does not.</param>
/// <param name="IsUnpriced">No price is known: refused wherever a budget could refuse.</param>
internal readonly record struct TrialPrice(NanoUsd Cost, NanoUsd Hold, string? Kept, bool IsUnpriced);

/// <summary>Where a recorded call would go.</summary>
/// <param name="Kind">The row of the provider table.</param>
/// <param name="Model">As the provider names it; null or empty: not known.</param>
internal readonly record struct TrialTarget(string Provider, string Kind, string? Model);
