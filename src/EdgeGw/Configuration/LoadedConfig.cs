using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>A configuration with the files that it names, all read and checked: what can be put into force on this machine.</summary>
public sealed record LoadedConfig
{
    /// <summary>Null exactly when there are <see cref="Faults"/>.</summary>
    public GatewayConfig? Config { get; init; }

    /// <summary>The list prices, with the configured price files over them.</summary>
    public PriceCatalogue Prices { get; init; } = PriceCatalogue.BuiltIn;

    public IReadOnlyList<ConfigFault> Faults { get; init; } = [];

    /// <summary>What works but is probably not meant, or exposes something.</summary>
    public IReadOnlyList<ConfigFault> Warnings { get; init; } = [];

    /// <summary>What was decided without being configured.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The file that was read; null when the configuration came from the environment.</summary>
    public string? File { get; init; }

    /// <summary>The configuration's file and all that it names, as they were before any of them was read: a later change is never missed.</summary>
    public FileStamps Stamps { get; init; } = FileStamps.Of([]);

    /// <param name="file">What <paramref name="read"/> reads; null: the environment.</param>
    public static LoadedConfig Load(string? file, Func<ConfigResult> read)
    {
        var stamps = FileStamps.Of(file is null ? [] : [file]);
        var result = read();
        if (result.Config is { } config)
        {
            stamps = stamps.With(FileStamps.Of(FilesOf(config)));
        }
        return Complete(result) with { Stamps = stamps };
    }

    /// <summary>Reads and checks the files that a configuration names.</summary>
    public static LoadedConfig Complete(ConfigResult result)
    {
        var loaded = new LoadedConfig { Faults = result.Faults, Warnings = result.Warnings, Notes = result.Notes, File = result.File };
        if (result.Config is not { } config)
        {
            return loaded;
        }
        var prices = ConfigFiles.Prices(result, config);
        var faults = prices.Faults.Concat(ConfigFiles.CheckTls(result, config)).ToArray();
        return loaded with
        {
            Config = faults.Length == 0 ? config : null,
            Prices = prices.Catalogue,
            Faults = faults,
            Warnings = [.. result.Warnings, .. prices.Warnings],
        };
    }

    /// <summary>The files that a configuration names and that may change under it.</summary>
    internal static IEnumerable<string> FilesOf(GatewayConfig config) =>
        config.Listen.Tls is { } tls ? [.. config.Pricing.Files, tls.Certificate, tls.Key] : config.Pricing.Files;
}
