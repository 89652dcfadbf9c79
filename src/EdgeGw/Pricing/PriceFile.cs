using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Pricing;

/// <summary>One price file, checked: the catalogue's shape, and every price one that can be.</summary>
internal sealed class PriceFile
{
    /// <summary>Public catalogues of every provider have a few megabytes.</summary>
    public const int LargestFile = 32 << 20;

    /// <summary>Dollars per million tokens; the dearest list price known is below a thousand.</summary>
    private const decimal LargestPrice = 1_000_000m;

    /// <summary>Below this a price is almost surely one per token.</summary>
    private const decimal SuspiciousPrice = 0.0005m;

    private const int LargestPeakFactor = 100;

    private readonly string _path;
    private readonly ConfigNode _root;
    private readonly List<ConfigFault> _faults = [];
    private readonly List<ConfigFault> _warnings = [];

    private PriceFile(string path, ConfigNode root)
    {
        _path = path;
        _root = root;
    }

    /// <summary>Empty exactly when the file can be laid over a catalogue.</summary>
    public IReadOnlyList<ConfigFault> Faults => _faults;

    /// <summary>What works but is probably not meant.</summary>
    public IReadOnlyList<ConfigFault> Warnings => _warnings;

    /// <summary>The file's price lists; none where there are faults.</summary>
    public IReadOnlyList<CatalogueProvider> Providers { get; private set; } = [];

    /// <param name="path">Named in faults.</param>
    /// <param name="below">What the file will be laid over; <c>resells</c> may name its kinds.</param>
    public static PriceFile Parse(ReadOnlySpan<byte> utf8, string path, PriceCatalogue below)
    {
        var syntax = new List<ConfigFault>();
        var root = ConfigDocument.Parse(utf8, path, syntax);
        var file = new PriceFile(path, root ?? new ConfigNode(ConfigNodeKind.Null, default, ""));
        file._faults.AddRange(syntax);
        if (root is not null)
        {
            file.Read(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8, below);
        }
        return file;
    }

    private void Read(ReadOnlySpan<byte> utf8, PriceCatalogue below)
    {
        CatalogueDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(utf8, CatalogueJson.Default.CatalogueDocument);
        }
        catch (JsonException broken)
        {
            var position = new LineTable(utf8).At(broken.LineNumber ?? 0, broken.BytePositionInLine ?? 0);
            _faults.Add(new ConfigFault(_path, position.Line, position.Column, broken.Path?.TrimStart('$', '.') ?? "", Reason(broken.Message)));
            return;
        }
        if (document is null)
        {
            Fault("", "must be an object with \"providers\"");
            return;
        }
        Check(document, below);
        if (_faults.Count == 0)
        {
            Providers = CatalogueReader.Convert(document);
        }
    }

    private void Check(CatalogueDocument document, PriceCatalogue below)
    {
        var names = new Dictionary<(string Kind, string Name), ConfigPosition>();
        var kinds = document.Providers.SelectMany(provider => provider.Kinds).ToHashSet();
        for (var i = 0; i < document.Providers.Length; i++)
        {
            var provider = document.Providers[i];
            var place = string.Create(CultureInfo.InvariantCulture, $"providers[{i}]");
            if (provider.Kinds.Length == 0)
            {
                Fault($"{place}.kinds", "names no provider kind");
            }
            foreach (var unknown in provider.Resells.Where(kind => !kinds.Contains(kind) && !below.Knows(kind)))
            {
                Fault($"{place}.resells", $"there is no price list of {SafeText.Quote(unknown)}");
            }
            for (var j = 0; j < provider.Models.Length; j++)
            {
                var modelPlace = string.Create(CultureInfo.InvariantCulture, $"{place}.models[{j}]");
                CheckPrices(provider.Models[j], modelPlace);
                CheckConversion(provider with { Models = [provider.Models[j]] }, modelPlace);
                CheckNames(provider, provider.Models[j], modelPlace, names);
            }
        }
    }

    private void CheckPrices(CatalogueDocument.ModelEntry model, string place)
    {
        foreach (var price in model.Prices.SelectMany(period => period.Long.Prepend<CatalogueDocument.Rates>(period))
            .SelectMany(rates => RateClass.All.Select(each => each.Get(rates))).OfType<decimal>().Distinct())
        {
            if (price is < 0 or > LargestPrice)
            {
                Fault(place, $"{model.Id}: a price must be from 0 to {LargestPrice} dollars per million tokens");
            }
            else if (price is > 0 and < SuspiciousPrice)
            {
                _warnings.Add(At(place, $"{model.Id}: {price} looks like a price per token; prices are dollars per million tokens"));
            }
        }
        if (model.Prices.Any(period => period.Peak is { Factor: < 1 or > LargestPeakFactor }))
        {
            Fault(place, $"{model.Id}: a factor of peak hours must be from 1 to {LargestPeakFactor}");
        }
    }

    private void CheckConversion(CatalogueDocument.ProviderEntry alone, string place)
    {
        if (_faults.Count > 0 && _faults[^1].Path == place)
        {
            return;
        }
        try
        {
            CatalogueReader.Convert(new CatalogueDocument { Providers = [alone] });
        }
        catch (InvalidDataException broken)
        {
            Fault(place, $"{alone.Models[0].Id}: {broken.InnerException?.Message ?? broken.Message}");
        }
    }

    private void CheckNames(
        CatalogueDocument.ProviderEntry provider, CatalogueDocument.ModelEntry model, string place, Dictionary<(string, string), ConfigPosition> names)
    {
        foreach (var kind in provider.Kinds)
        {
            foreach (var name in model.Aliases.Prepend(model.Id))
            {
                if (!names.TryAdd((kind, name.ToLowerInvariant()), PositionOf(place)))
                {
                    Fault(place, $"{kind} has {SafeText.Quote(name)} on line {names[(kind, name.ToLowerInvariant())].Line} already");
                }
            }
        }
    }

    private void Fault(string place, string message) => _faults.Add(At(place, message));

    private ConfigFault At(string place, string message)
    {
        var position = PositionOf(place);
        return new ConfigFault(_path, position.Line, position.Column, place, message);
    }

    /// <summary>Where a place like <c>providers[0].models[2]</c> stands; the nearest thing around it where it is not written.</summary>
    private ConfigPosition PositionOf(string place)
    {
        var node = _root;
        foreach (var step in place.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = step.IndexOf('[');
            var name = bracket < 0 ? step : step[..bracket];
            if (node.Members.FirstOrDefault(member => member.Name == name)?.Value is not { } inner)
            {
                break;
            }
            node = bracket < 0 ? inner : inner.Items[int.Parse(step.AsSpan(bracket + 1, step.Length - bracket - 2), CultureInfo.InvariantCulture)];
        }
        return node.Position;
    }

    private static string Reason(string message)
    {
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return "unknown name in a price file";
        }
        var required = message.IndexOf("missing required properties including: ", StringComparison.Ordinal);
        if (required >= 0)
        {
            var names = message[(required + "missing required properties including: ".Length)..];
            return names.Split(". Path", 2)[0].Replace('\'', '"').TrimEnd('.') + " is missing";
        }
        return "is not of the type that belongs here";
    }
}
