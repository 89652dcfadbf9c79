using EdgeGw.Cli;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Hosting;

/// <summary><c>edgegw meter</c>: a recorded answer through the very meter and prices that the gateway uses.</summary>
internal static class MeterAction
{
    public static async Task<int> RunAsync(MeterFileOptions options, CliContext context, CancellationToken cancellation)
    {
        var recorded = new RecordedAnswer
        {
            Provider = options.Provider,
            Api = options.Api,
            Model = options.Model,
            Stream = options.Stream,
            ContentEncoding = options.ContentEncoding,
            Headers = [.. options.Headers.Select(header => $"{header.Key}: {header.Value}")],
            ChunkSize = options.ChunkSize,
        };
        try
        {
            await using var body = options.File == "-" ? Console.OpenStandardInput() : File.OpenRead(options.File);
            return recorded.Meter(body, context.Out, context.Error, (provider, model, usage, tier) => Price(provider, model, usage, tier, context.Time));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"edgegw meter: {fault.Message}");
            return ExitCode.Failure;
        }
    }

    private static (NanoUsd Cost, CostSource Source) Price(string provider, string? model, Usage usage, string? tier, TimeProvider time)
    {
        var price = model is null ? null : PriceCatalogue.BuiltIn.Find(ProviderQuirks.KindOf(provider), model, time);
        var priced = price is null ? PricedModel.Unpriced : new PricedModel(price, CostSource.Catalogue);
        return (Cost.CostOf(usage, priced, tier), priced.Source);
    }
}
