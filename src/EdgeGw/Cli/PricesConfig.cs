using System.CommandLine;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Reading;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>The prices that a gateway with this configuration works with; without a file, the built-in ones.</summary>
internal sealed record PricesConfig(PriceCatalogue Catalogue, PricingConfig Pricing, IReadOnlyDictionary<string, ProviderConfig> Providers)
{
    /// <summary>Null, with the faults printed, where the file or a price file has any.</summary>
    public static PricesConfig? Load(ParseResult line, ConfigOptions options, CliContext context)
    {
        if (ConfigSource.Find(line.Given(options.File), context.Environment, context.FileExists) is not { } path)
        {
            return new PricesConfig(PriceCatalogue.BuiltIn, new PricingConfig(), new Dictionary<string, ProviderConfig>());
        }
        var result = ConfigLoader.LoadFile(path, context.Environment, context.Providers);
        ConfigOptions.Report(result.Faults, "", context.Error);
        if (result.Config is not { } config)
        {
            return null;
        }
        var prices = ConfigFiles.Prices(result, config);
        ConfigOptions.Report(prices.Faults, "", context.Error);
        ConfigOptions.Report(prices.Warnings, "warning: ", context.Error);
        return prices.Faults.Count > 0 ? null : new PricesConfig(prices.Catalogue, config.Pricing, config.Providers);
    }

    /// <summary>The kind of a configured provider; otherwise the kind of that name.</summary>
    public string KindOf(string provider) => Providers.TryGetValue(provider, out var configured) ? configured.Kind : ProviderQuirks.KindOf(provider);

    /// <summary>Whether prices or the configuration know the provider; if not, says so.</summary>
    public bool Knows(string provider, CliContext context)
    {
        if (Providers.ContainsKey(provider) || Catalogue.Knows(KindOf(provider)))
        {
            return true;
        }
        var known = Catalogue.Providers.SelectMany(list => list.Kinds).Concat(Providers.Keys);
        var suggestion = NameSuggestion.Nearest(provider, known) is { } near ? $"; did you mean {PlainText.ForTerminal(near)}?" : "";
        context.Error.WriteLine($"no prices of a provider {PlainText.ForTerminal(provider)}{suggestion}");
        return false;
    }
}
