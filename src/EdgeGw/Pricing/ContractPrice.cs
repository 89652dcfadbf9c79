using EdgeGw.Configuration;
using EdgeGw.Identity;

namespace EdgeGw.Pricing;

/// <summary>One of <c>pricing.overrides</c>, ready to be matched.</summary>
internal sealed class ContractPrice
{
    private readonly string _provider;
    private readonly string _model;
    private readonly PrincipalMatch? _match;
    private readonly FeeOverride? _fees;
    private readonly ModelPrice _price;

    public ContractPrice(PriceOverride entry)
    {
        // Provider names hold no slash; models of resellers do.
        var slash = entry.Model.IndexOf('/');
        _provider = slash < 0 ? "*" : entry.Model[..slash];
        _model = entry.Model[(slash + 1)..];
        _match = entry.Match;
        _fees = entry.Fees;
        var input = UnitPrice.FromDollarsPerMillion(entry.Input);
        var output = UnitPrice.FromDollarsPerMillion(entry.Output);
        var write = Or(entry.CacheWrite, input);
        _price = new ModelPrice
        {
            Id = entry.Model,
            Rates = new PriceRates
            {
                Input = input,
                Output = output,
                CachedInput = Or(entry.CachedInput, input),
                CacheWrite = write,
                CacheWrite1h = Or(entry.CacheWrite1h, write),
                AudioInput = Or(entry.AudioInput, input),
                ImageInput = Or(entry.ImageInput, input),
                Reasoning = Or(entry.Reasoning, output),
                AudioOutput = Or(entry.AudioOutput, output),
                ImageOutput = Or(entry.ImageOutput, output),
            },
            Fees = ToFees(UnitFees.None),
        };
    }

    /// <summary>It holds for some callers only: see <see cref="IsFor"/>.</summary>
    public bool IsConditional => _match is not null;

    public bool Matches(string providerName, string model) => Wildcard.IsMatch(_provider, providerName) && Wildcard.IsMatch(_model, model);

    public bool IsFor(Principal? principal) => _match is null || PrincipalFilter.Matches(_match, principal);

    /// <summary>
    /// The contract's token rates, flat at any length, tier and place: they are what was agreed on. Limits, and fees of which a contract price does not
    /// speak, stay as listed.
    /// </summary>
    public ModelPrice ToPrice(ModelPrice? listed) => listed is null ? _price : _price with
    {
        ContextWindow = listed.ContextWindow,
        MaxOutput = listed.MaxOutput,
        MaxImageTokens = listed.MaxImageTokens,
        Fees = ToFees(listed.Fees),
    };

    private UnitFees ToFees(UnitFees listed) => _fees is not { } own ? listed : listed with
    {
        Request = OrUnit(own.Request, listed.Request),
        Search = own.Request is null ? listed.Search : null,
        WebSearch = OrUnit(own.WebSearch, listed.WebSearch),
        GroundedRequest = OrUnit(own.GroundedRequest, listed.GroundedRequest),
        FileSearch = OrUnit(own.FileSearch, listed.FileSearch),
        Container = OrUnit(own.Container, listed.Container),
        SearchUnit = OrUnit(own.SearchUnit, listed.SearchUnit),
        Image = OrUnit(own.Image, listed.Image),
        Images = own.Image is null ? listed.Images : [],
        Second = OrUnit(own.Second, listed.Second),
        Character = OrUnit(own.Character, listed.Character),
        Page = OrUnit(own.Page, listed.Page),
    };

    private static UnitPrice Or(decimal? own, UnitPrice otherwise) => own is { } price ? UnitPrice.FromDollarsPerMillion(price) : otherwise;

    private static UnitPrice OrUnit(decimal? own, UnitPrice otherwise) => own is { } price ? UnitPrice.FromDollarsPerUnit(price) : otherwise;
}
