using EdgeGw.Configuration;

namespace EdgeGw.Pricing;

/// <summary>The built-in catalogue with the configured price files over it, or everything that is wrong with them.</summary>
internal sealed record PriceFiles
{
    /// <summary>With every file that has no fault.</summary>
    public required PriceCatalogue Catalogue { get; init; }

    public required IReadOnlyList<ConfigFault> Faults { get; init; }
    public required IReadOnlyList<ConfigFault> Warnings { get; init; }

    /// <param name="paths">Lowest first: a later file wins.</param>
    /// <param name="missing">Makes the fault of a path that cannot be read, from its index and what is wrong.</param>
    public static PriceFiles Load(IReadOnlyList<string> paths, Func<int, string, ConfigFault> missing)
    {
        var catalogue = PriceCatalogue.BuiltIn;
        var faults = new List<ConfigFault>();
        var warnings = new List<ConfigFault>();
        for (var i = 0; i < paths.Count; i++)
        {
            if (TryRead(paths[i], out var text) is { } fault)
            {
                faults.Add(missing(i, fault));
                continue;
            }
            var file = PriceFile.Parse(text, paths[i], catalogue);
            faults.AddRange(file.Faults);
            warnings.AddRange(file.Warnings);
            catalogue = catalogue.With(file.Providers, paths[i]);
        }
        return new PriceFiles { Catalogue = catalogue, Faults = faults, Warnings = warnings };
    }

    /// <returns>What is wrong; null when the text was read.</returns>
    public static string? TryRead(string path, out byte[] text)
    {
        text = [];
        try
        {
            using var file = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using var all = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                all.Write(buffer, 0, read);
                if (all.Length > PriceFile.LargestFile)
                {
                    return $"{path} is larger than {ByteSizeText.Format(PriceFile.LargestFile)}";
                }
            }
            text = all.ToArray();
            return null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"there is no file {path}";
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            return $"{path} cannot be read by this user";
        }
    }
}
