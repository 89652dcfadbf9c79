using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Pricing;

/// <summary>What the pricing tests share.</summary>
internal static class PricingSamples
{
    /// <summary>A Saturday, when DeepSeek has no peak hours.</summary>
    public static readonly FixedTime Saturday = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));

    public static PriceBook Book(TimeProvider? time = null, PricingConfig? pricing = null, params string[] free) => new(
        PriceCatalogue.BuiltIn, pricing ?? new PricingConfig(),
        free.ToDictionary(name => name, name => new ProviderConfig { Kind = "openai", Free = true }), time ?? Saturday);

    public static PricedModel Price(string kind, string model) => Book().Resolve(kind, kind, model);

    public static NanoUsd Usd(string dollars) => NanoUsd.FromDollars(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture));

    public static UnitPrice PerMillion(decimal dollars) => UnitPrice.FromDollarsPerMillion(dollars);

    internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
