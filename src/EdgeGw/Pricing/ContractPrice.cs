using EdgeGw.Configuration;

namespace EdgeGw.Pricing;

/// <summary>One of <c>pricing.overrides</c>, ready to be matched.</summary>
internal sealed class ContractPrice
{
    private readonly string _provider;
    private readonly string _model;
    private readonly ModelPrice _price;

    public ContractPrice(PriceOverride entry)
    {
        // Provider names hold no slash; models of resellers do.
        var slash = entry.Model.IndexOf('/');
        _provider = slash < 0 ? "*" : entry.Model[..slash];
        _model = entry.Model[(slash + 1)..];
        var input = UnitPrice.FromDollarsPerMillion(entry.Input);
        _price = new ModelPrice
        {
            Id = entry.Model,
            Rates = new PriceRates
            {
                Input = input,
                Output = UnitPrice.FromDollarsPerMillion(entry.Output),
                CachedInput = entry.CachedInput is { } cached ? UnitPrice.FromDollarsPerMillion(cached) : input,
                CacheWrite = entry.CacheWrite is { } write ? UnitPrice.FromDollarsPerMillion(write) : input,
            },
        };
    }

    public bool Matches(string providerName, string model) => Wildcard.IsMatch(_provider, providerName) && Wildcard.IsMatch(_model, model);

    /// <summary>
    /// The contract's token rates, flat at any length and tier: they are what was agreed on. Limits and fees, of which a contract price does not
    /// speak, stay as listed.
    /// </summary>
    public ModelPrice ToPrice(ModelPrice? listed) => listed is null ? _price : _price with
    {
        ContextWindow = listed.ContextWindow,
        MaxOutput = listed.MaxOutput,
        MaxImageTokens = listed.MaxImageTokens,
        Fees = listed.Fees,
    };
}
