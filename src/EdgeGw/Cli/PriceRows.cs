using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>Writes rows of prices: dollars per million tokens, fees in dollars each.</summary>
internal static class PriceRows
{
    private static readonly RateClass[] Main = [RateClass.Input, RateClass.Output, RateClass.CachedInput, RateClass.CacheWrite];

    private static readonly string[] Header =
        ["provider", "model", "source", "tiers", "fees", "long", "peak", .. Main.Select(of => of.Name), "context", "max_output"];

    private const int TextColumns = 7;

    public static void WriteTable(IEnumerable<PriceRow> rows, TextWriter output)
    {
        var table = new TextTable(Header, TextColumns);
        foreach (var row in rows)
        {
            table.Add(Cells(row));
        }
        table.Write(output);
    }

    public static void WriteCsv(IEnumerable<PriceRow> rows, TextWriter output)
    {
        CsvText.WriteLine(Header, output);
        foreach (var row in rows)
        {
            CsvText.WriteLine([.. Cells(row).Select(CsvText.Defuse)], output);
        }
    }

    /// <summary>One object with every rate; prices as strings, so that no reader makes binary fractions of them.</summary>
    public static void WriteJson(IEnumerable<PriceRow> rows, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("models"u8);
            foreach (var row in rows)
            {
                Write(json, row);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    public static string Tiers(ModelPrice price) => string.Join(' ', price.ServiceTiers.Select(tier => $"{tier.Name}={tier.Multiplier}"));

    public static string Fees(ModelPrice price) => string.Join(' ', FeeClass.All.Where(fee => fee.Of(price.Fees) != UnitPrice.Zero)
        .Select(fee => $"{fee.Name}={FeeClass.Dollars(fee.Of(price.Fees))}"));

    private static string[] Cells(PriceRow row) =>
    [
        row.Provider, row.Model, row.Source, Tiers(row.Price), Fees(row.Price),
        string.Join(' ', row.Price.LongContext.Select(step => $">{Number(step.Above)}={step.Rates.Input}/{step.Rates.Output}")),
        row.Price.PeakHours?.ToString() ?? "", .. Main.Select(of => of.Of(row.Price.Rates).ToString()),
        Number(row.Price.ContextWindow), Number(row.Price.MaxOutput),
    ];

    private static void Write(Utf8JsonWriter json, PriceRow row)
    {
        json.WriteStartObject();
        json.WriteString("provider"u8, row.Provider);
        json.WriteString("model"u8, row.Model);
        json.WriteString("source"u8, row.Source);
        WriteRates(json, row.Price.Rates);
        json.WriteStartArray("long"u8);
        foreach (var step in row.Price.LongContext)
        {
            json.WriteStartObject();
            json.WriteNumber("above"u8, step.Above);
            WriteRates(json, step.Rates);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("tiers"u8);
        foreach (var tier in row.Price.ServiceTiers)
        {
            json.WriteString(tier.Name, tier.Multiplier.ToString());
        }
        json.WriteEndObject();
        json.WriteStartObject("fees"u8);
        foreach (var fee in FeeClass.All.Where(fee => fee.Of(row.Price.Fees) != UnitPrice.Zero))
        {
            json.WriteString(fee.Name, FeeClass.Dollars(fee.Of(row.Price.Fees)));
        }
        json.WriteEndObject();
        json.WriteString("peak"u8, row.Price.PeakHours?.ToString());
        WriteCount(json, "context", row.Price.ContextWindow);
        WriteCount(json, "max_output", row.Price.MaxOutput);
        json.WriteEndObject();
    }

    private static void WriteRates(Utf8JsonWriter json, PriceRates rates)
    {
        foreach (var of in RateClass.All)
        {
            json.WriteString(of.Name, of.Of(rates).ToString());
        }
    }

    private static void WriteCount(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } count)
        {
            json.WriteNumber(name, count);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
