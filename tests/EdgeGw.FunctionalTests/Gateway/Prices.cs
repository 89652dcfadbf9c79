using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>The tests' own price arithmetic: dollars per million tokens, exact decimals, rounded up once per component.</summary>
/// <remarks>The odd last digits make nearly every component end between two nano-dollars, so that a wrong rounding shows.</remarks>
internal sealed record Prices(decimal Input, decimal CachedInput, decimal CacheWrite, decimal Output)
{
    private static readonly Prices OpenAi = new(2.5000001m, 1.2500007m, 2.5000001m, 10.0000003m);
    private static readonly Prices Anthropic = new(3.0000001m, 0.3000007m, 3.7500003m, 15.0000009m);
    private static readonly Prices Gemini = new(1.2500003m, 0.3100001m, 1.2500003m, 9.9999999m);

    public static Prices Of(string dialect) => dialect switch
    {
        "messages" => Anthropic,
        "gemini" => Gemini,
        _ => OpenAi,
    };

    /// <summary>What the provider charges for a call, in nano-dollars.</summary>
    public static long Cost(ProviderCall call) =>
        Of(call.Dialect).Cost(call.BilledInput, call.BilledCachedInput, call.BilledCacheWrite, call.BilledOutput);

    public long Cost(long input, long cachedInput, long cacheWrite, long output) =>
        Component(input - cachedInput - cacheWrite, Input) + Component(cachedInput, CachedInput) + Component(cacheWrite, CacheWrite) + Component(output, Output);

    public static JsonArray Overrides() => [Override("openai", OpenAi), Override("anthropic", Anthropic), Override("gemini", Gemini)];

    // Dollars per million tokens are thousands of nano-dollars per token.
    private static long Component(long tokens, decimal perMillion) => (long)decimal.Ceiling(tokens * perMillion * 1000m);

    private static JsonObject Override(string provider, Prices prices) => new()
    {
        ["model"] = provider + "/*",
        ["input"] = Text(prices.Input),
        ["cached_input"] = Text(prices.CachedInput),
        ["cache_write"] = Text(prices.CacheWrite),
        ["output"] = Text(prices.Output),
    };

    private static string Text(decimal price) => price.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
