using System.Collections.Concurrent;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;

namespace EdgeGw.Pricing;

/// <summary>Which price holds for a model here: contract prices and free providers first, then the catalogue, then the ceiling. Thread-safe.</summary>
public sealed class PriceBook
{
    /// <summary>Callers choose model names, so what is remembered of them has an end; beyond it, looking up is slower, not wrong.</summary>
    private const int MostRemembered = 4096;

    private readonly PriceCatalogue _catalogue;
    private readonly TimeProvider _time;
    private readonly ContractPrice[] _overrides;
    private readonly HashSet<string> _free;
    private readonly Dictionary<string, Multiplier> _factors;
    private readonly PricedModel _otherwise;
    private readonly ConcurrentDictionary<Name, Resolution> _remembered = new();
    private readonly RecentKeys<Name, Resolution> _recent = new();
    private int _rememberedCount;

    /// <param name="providers">By configured name; those marked free cost nothing.</param>
    /// <param name="time">Tells which of a model's dated prices is in force.</param>
    /// <exception cref="ArgumentOutOfRangeException">A configured price is negative or too large.</exception>
    public PriceBook(PriceCatalogue catalogue, PricingConfig pricing, IReadOnlyDictionary<string, ProviderConfig> providers, TimeProvider time)
    {
        _catalogue = catalogue;
        _time = time;
        _overrides = [.. pricing.Overrides.Select(entry => new ContractPrice(entry))];
        _free = [.. providers.Where(provider => provider.Value.Free).Select(provider => provider.Key)];
        _factors = providers.Where(provider => provider.Value.PriceFactor != Multiplier.One)
            .ToDictionary(provider => provider.Key, provider => provider.Value.PriceFactor);
        _otherwise = pricing.Unpriced == UnpricedPolicy.Ceiling ? Ceiling(pricing.CeilingPerMillion) : PricedModel.Unpriced;
    }

    /// <summary>The list prices, price files included.</summary>
    internal PriceCatalogue Catalogue => _catalogue;

    /// <summary>
    /// The price of a model. The model that answered counts before the one asked for, contract prices before the catalogue. A free provider costs
    /// nothing whatever it serves.
    /// </summary>
    /// <param name="providerName">As configured: what overrides name.</param>
    /// <param name="providerKind">The row of the provider table: what the catalogue names.</param>
    /// <param name="responseModel">By the answer's word; null before there is an answer.</param>
    public PricedModel Resolve(string providerName, string providerKind, string? requestedModel, string? responseModel = null) =>
        Resolve(new PriceQuestion(providerName, providerKind, requestedModel), responseModel);

    /// <inheritdoc cref="Resolve(string, string, string?, string?)"/>
    /// <param name="question">With the caller, for whom there may be prices of its own.</param>
    public PricedModel Resolve(in PriceQuestion question, string? responseModel = null)
    {
        var answered = Find(question with { Model = responseModel });
        if (answered.Source == CostSource.Override)
        {
            return answered.At(_time);
        }
        var requested = responseModel == question.Model ? answered : Find(question);
        if (requested.Source == CostSource.Override || answered.Source == CostSource.None)
        {
            answered = requested;
        }
        if (answered.Source != CostSource.None)
        {
            return answered.At(_time);
        }
        return _free.Contains(question.Provider) ? new PricedModel(ModelPrice.Free, CostSource.Override) : _otherwise;
    }

    private Resolution Find(in PriceQuestion question)
    {
        if (string.IsNullOrEmpty(question.Model))
        {
            return Resolution.None;
        }
        var found = FindForAnyone(question.Provider, question.Kind, question.Model);
        foreach (var (contract, history) in found.ForSome)
        {
            if (contract.IsFor(question.Principal))
            {
                return new Resolution(history, CostSource.Override);
            }
        }
        return found;
    }

    private Resolution FindForAnyone(string providerName, string providerKind, string model)
    {
        var name = new Name(providerName, providerKind, model);
        var place = providerName.Length + RecentPlace.Of(model);
        if (_recent.TryGet(name, place, out var found))
        {
            return found;
        }
        if (_remembered.TryGetValue(name, out found))
        {
            _recent.Note(name, place, found);
            return found;
        }
        found = FindAnew(providerName, providerKind, model);
        if ((found.Source != CostSource.None || found.ForSome.Length > 0) && Volatile.Read(ref _rememberedCount) < MostRemembered && _remembered.TryAdd(name, found))
        {
            Interlocked.Increment(ref _rememberedCount);
        }
        return found;
    }

    private Resolution FindAnew(string providerName, string providerKind, string model)
    {
        var listed = _catalogue.FindHistory(providerKind, model);
        if (listed is not null && _factors.TryGetValue(providerName, out var factor))
        {
            listed = listed.Times(factor);
        }
        var forSome = new List<(ContractPrice, PriceHistory)>();
        foreach (var contract in _overrides)
        {
            if (contract.Matches(providerName, model))
            {
                var history = new PriceHistory([contract.ToPrice(listed?.At(_time))]);
                if (!contract.IsConditional)
                {
                    return new Resolution(history, CostSource.Override) { ForSome = [.. forSome] };
                }
                forSome.Add((contract, history));
            }
        }
        var forOthers = _free.Contains(providerName) ? Resolution.Free
            : listed is null ? Resolution.None
            : new Resolution(listed, CostSource.Catalogue);
        return forSome.Count == 0 ? forOthers : forOthers with { ForSome = [.. forSome] };
    }

    private static PricedModel Ceiling(decimal perMillion)
    {
        var price = UnitPrice.FromDollarsPerMillion(perMillion);
        return new PricedModel(new ModelPrice { Id = "ceiling", Rates = new PriceRates { Input = price, Output = price } }, CostSource.Ceiling);
    }

    private readonly record struct Name(string Provider, string Kind, string Model);

    private readonly record struct Resolution(PriceHistory? History, CostSource Source)
    {
        public static readonly Resolution None = new(null, CostSource.None);

        /// <summary>Contract prices for some callers only, which come before.</summary>
        public (ContractPrice Contract, PriceHistory History)[] ForSome { get; init; } = [];

        public static readonly Resolution Free = new(new PriceHistory([ModelPrice.Free]), CostSource.Override);

        public PricedModel At(TimeProvider time) => new(History?.At(time), Source);
    }
}
