using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using EdgeGw.Policy;
using EdgeGw.Pricing;
using EdgeGw.Routing;

namespace EdgeGw.Requests;

/// <summary>All that one configuration decides for a request. Immutable; a request takes it once, at its start, and keeps it to its end.</summary>
public sealed class GatewaySetup
{
    /// <param name="prices">The list prices, with the configuration's price files over them.</param>
    /// <param name="previous">Providers and issuers that did not change are taken over from it, with the credentials and keys that they fetched; null: none.</param>
    public GatewaySetup(GatewayConfig config, PriceCatalogue prices, VirtualKeys keys, TokenServices tokens, TimeProvider time, GatewaySetup? previous = null)
    {
        Config = config;
        Router = new Router(config, time, previous?.Router);
        Keys = new ConfiguredKeys(config.Identity.Keys);
        Issuers = new TokenIssuers(config.Identity.Jwt, tokens, previous?.Issuers);
        Identifier = new Identifier(keys, Keys, Issuers, config.Identity.Anonymous, config.Identity.Passthrough, GroupRules.AreIn(config));
        Policies = new PolicySet(config.PoliciesHere);
        Prices = new PriceBook(prices, config.Pricing, config.Providers, time);
    }

    public GatewayConfig Config { get; }

    public Router Router { get; }

    /// <summary>The keys that the configuration declares.</summary>
    public ConfiguredKeys Keys { get; }

    /// <summary>Whose tokens are accepted.</summary>
    public TokenIssuers Issuers { get; }

    public Identifier Identifier { get; }

    internal PolicySet Policies { get; }

    public PriceBook Prices { get; }
}
