using BenchmarkDotNet.Attributes;
using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Bench;

/// <summary>What a request pays for its price: lookup, hold and cost.</summary>
[MemoryDiagnoser]
public class InspectionPricingBenchmarks
{
    private readonly PriceBook _book = new(PriceCatalogue.BuiltIn, new PricingConfig(), new Dictionary<string, ProviderConfig>(), TimeProvider.System);
    private readonly RequestConfig _limits = new();
    private readonly RequestFacts _facts = new() { Dialect = Dialect.Messages, Choices = 1, InputBytes = 640_000, MaxOutput = 8192, WritesCache = true };
    private readonly Usage _usage = new() { Input = 150_000, CachedInput = 120_000, CacheWrite = 20_000, Output = 3_000, Reasoning = 1_000 };
    private PricedModel _price;

    [GlobalSetup]
    public void Resolve() => _price = _book.Resolve("anthropic", "anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929");

    [Benchmark]
    public bool ResolveKnownName() => _book.Resolve("anthropic", "anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929").IsPriced;

    [Benchmark]
    public bool FindSnapshotAnew() => PriceCatalogue.BuiltIn.Find("anthropic", "claude-sonnet-4-5-20250929", TimeProvider.System) is not null;

    [Benchmark]
    public NanoUsd? Hold() => HoldEstimate.UpperBound(_facts, _price, _limits);

    [Benchmark]
    public NanoUsd CostOfUsage() => Cost.CostOf(_usage, _price, "standard");

    [Benchmark]
    public PriceCatalogue ParseCatalogue()
    {
        using var stream = typeof(PriceCatalogue).Assembly.GetManifestResourceStream("EdgeGw.Pricing.catalogue.json")!;
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return PriceCatalogue.Parse(json);
    }
}
