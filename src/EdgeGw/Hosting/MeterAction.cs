using System.Collections.Frozen;
using EdgeGw.Cli;
using EdgeGw.Configuration;
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
            var prices = new PriceBook(PriceCatalogue.BuiltIn, new PricingConfig(), FrozenDictionary<string, ProviderConfig>.Empty, context.Time);
            return recorded.Meter(body, context.Out, context.Error, (provider, model, reading) => Price(prices, provider, model, reading));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"edgegw meter: {fault.Message}");
            return ExitCode.Failure;
        }
    }

    private static (NanoUsd Cost, CostSource Source) Price(PriceBook prices, string provider, string? model, in MeterReading reading)
    {
        var question = new PriceQuestion(provider, provider, model);
        var price = prices.Resolve(question, reading.Model);
        return (AnswerCost.Of(reading.Usage, price, reading.Terms, reading.ProviderCost, prices, question, out var source, out _), source);
    }
}
