using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Reranking: Cohere counts search units, Voyage and its like tokens, and OpenRouter hands on either beside its own price.</summary>
internal sealed class RerankReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("message", Slot.ErrorMessage),
        ("id", Slot.Id),
        ("model", Slot.Model),
        .. UsagePaths("usage"),
        ("usage.search_units", Slot.SearchUnits),
        ("meta.billed_units", Slot.Usage),
        ("meta.billed_units.input_tokens", Slot.Input),
        ("meta.billed_units.search_units", Slot.SearchUnits),
        ("meta.tokens.input_tokens", Slot.HostInput),
    ]);

    public override PathTable Paths => Table;

    /// <summary>A router that bills a price of its own passes the units on without charging them: they are no usage, and stay marked.</summary>
    protected override bool Reports => base.Reports || (this[Slot.SearchUnits] >= 0 && !Quirks.BillsCost);

    protected override void OnReset() => HasOutput = true;

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        Usage = Usage with { SearchUnits = Count(Slot.SearchUnits) };
        HasInput |= this[Slot.SearchUnits] >= 0;
    }
}
