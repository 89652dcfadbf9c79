using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>A configuration that came over the admin API, to judge recorded calls by. It is not to be put into force, so its listeners' files are not looked at.</summary>
/// <remarks>Who may ask for a dry run need not be able to read this machine's variables and files: no variable is read where its value could end in the report, and no file that is not in force.</remarks>
internal static class TrialConfig
{
    /// <summary>What a report names, and what it says.</summary>
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal) { "policies", "budgets", "limits", "models", "pricing", "environment" };

    private const string Name = "config";

    public static LoadedConfig Load(string json, GatewayConfig inForce, Func<byte[], ConfigResult> read)
    {
        if (FaultOf(json) is { } unfit)
        {
            return new LoadedConfig { Faults = [unfit] };
        }
        var result = read(Encoding.UTF8.GetBytes(json)) with { File = Name };
        if (result.Config is not { } config)
        {
            return new LoadedConfig { Faults = [.. result.Faults.Select(static fault => fault with { File = Name })] };
        }
        var strangers = Enumerable.Range(0, config.Pricing.Files.Count).Where(i => !inForce.Pricing.Files.Contains(config.Pricing.Files[i]))
            .Select(i => result.At(string.Create(CultureInfo.InvariantCulture, $"pricing.files[{i}]"), "is no price file in force, and others are not read for a dry run over the admin API; edgegw simulate --last reads them"))
            .ToArray();
        if (strangers.Length > 0)
        {
            return new LoadedConfig { Faults = strangers };
        }
        var prices = ConfigFiles.Prices(result, config);
        return new LoadedConfig { Config = prices.Faults.Any() ? null : config, Prices = prices.Catalogue, Faults = [.. prices.Faults] };
    }

    private static ConfigFault? FaultOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.EnumerateObject().Where(static section => Told.Contains(section.Name) && HasVariable(section.Value))
                .Select(static section => new ConfigFault(Name, 0, 0, section.Name, "holds a variable; here variables are for providers and identity alone: write the value")).FirstOrDefault();
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for strings that are no Unicode.
            return new ConfigFault(Name, 0, 0, "", "holds a string that is not valid Unicode");
        }
    }

    private static bool HasVariable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains("${", StringComparison.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Any(HasVariable),
        JsonValueKind.Object => value.EnumerateObject().Any(static member => member.Name.Contains("${", StringComparison.Ordinal) || HasVariable(member.Value)),
        _ => false,
    };
}
