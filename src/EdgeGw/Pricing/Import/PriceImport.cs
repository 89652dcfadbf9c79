using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Turns a public catalogue's file into a price file of ours.</summary>
internal static class PriceImport
{
    /// <summary>What a command line calls the formats.</summary>
    public static IReadOnlyList<(string Name, PriceFormat Format)> Names { get; } =
        [("genai-prices", PriceFormat.GenaiPrices), ("litellm", PriceFormat.LiteLlm), ("models.dev", PriceFormat.ModelsDev)];

    /// <param name="report">Takes what cannot be carried over.</param>
    /// <exception cref="InvalidDataException">Not that format's shape.</exception>
    public static CatalogueDocument Read(PriceFormat format, ReadOnlyMemory<byte> json, ProviderFilter filter, ImportReport report)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return format switch
            {
                PriceFormat.GenaiPrices => GenaiPricesImport.Read(document.RootElement, filter, report),
                PriceFormat.LiteLlm => LiteLlmImport.Read(document.RootElement, filter, report),
                PriceFormat.ModelsDev => ModelsDevImport.Read(document.RootElement, filter, report),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A price file of ours is read, not imported."),
            };
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"This is no JSON: {broken.Message}", broken);
        }
    }
}
