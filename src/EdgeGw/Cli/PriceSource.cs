using EdgeGw.Pricing;
using EdgeGw.Pricing.Import;

namespace EdgeGw.Cli;

/// <summary>Reads files with prices for commands, and prints why one cannot be.</summary>
internal static class PriceSource
{
    /// <summary>Null, with the reason printed, where the file cannot be read.</summary>
    public static CatalogueDocument? Import(string path, PriceFormat format, ProviderFilter filter, ImportReport report, CliContext context)
    {
        if (PriceFiles.TryRead(path, out var text) is { } problem)
        {
            context.Error.WriteLine(problem);
            return null;
        }
        try
        {
            return PriceImport.Read(format, text, filter, report);
        }
        catch (InvalidDataException broken)
        {
            context.Error.WriteLine($"{path}: {PlainText.ForTerminal(broken.Message)}");
            return null;
        }
    }

    /// <summary>A price file of ours; null, with its faults printed, where it has any.</summary>
    public static IReadOnlyList<CatalogueProvider>? ReadOwn(string path, ProviderFilter filter, CliContext context)
    {
        if (PriceFiles.TryRead(path, out var text) is { } problem)
        {
            context.Error.WriteLine(problem);
            return null;
        }
        var file = PriceFile.Parse(text, path, PriceCatalogue.BuiltIn);
        ConfigOptions.Report(file.Faults, "", context.Error);
        ConfigOptions.Report(file.Warnings, "warning: ", context.Error);
        return file.Faults.Count > 0 ? null : [.. file.Providers
            .Select(list => list with { Kinds = [.. list.Kinds.Where(kind => filter.Includes(kind, kind))] }).Where(list => list.Kinds.Length > 0)];
    }
}
