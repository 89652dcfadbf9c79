using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Writes a price file: one model a line, so that two of them compare well, and nothing that is absent.</summary>
internal static class CatalogueWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(CatalogueDocument document)
    {
        var text = new StringBuilder("{\n  \"providers\": [");
        for (var i = 0; i < document.Providers.Length; i++)
        {
            var provider = document.Providers[i];
            text.Append(i == 0 ? "\n    {\n" : ",\n    {\n");
            AppendNames(text, "kinds", provider.Kinds);
            AppendNames(text, "resells", provider.Resells);
            text.Append("      \"models\": [");
            for (var j = 0; j < provider.Models.Length; j++)
            {
                text.Append(j == 0 ? "\n        " : ",\n        ").Append(Line(provider.Models[j]));
            }
            text.Append(provider.Models.Length == 0 ? "]\n    }" : "\n      ]\n    }");
        }
        return text.Append(document.Providers.Length == 0 ? "]\n}\n" : "\n  ]\n}\n").ToString();
    }

    private static void AppendNames(StringBuilder text, string name, string[] values)
    {
        if (values.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"      \"{name}\": {Json(json => WriteArray(json, values))},\n");
        }
    }

    private static string Line(CatalogueDocument.ModelEntry model) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        WriteNames(json, "aliases", model.Aliases);
        WriteNames(json, "patterns", model.Patterns);
        WriteCount(json, "context", model.Context);
        WriteCount(json, "max_output", model.MaxOutput);
        WriteCount(json, "max_image_tokens", model.MaxImageTokens);
        if (model.Tiers.Count > 0)
        {
            json.WriteStartObject("tiers"u8);
            foreach (var (tier, factor) in model.Tiers)
            {
                json.WriteString(tier, factor);
            }
            json.WriteEndObject();
        }
        if (model.Fees is { } fees)
        {
            json.WriteStartObject("fees"u8);
            foreach (var fee in FeeClass.All.Where(fee => fee.Get(fees) != 0))
            {
                WriteDecimal(json, fee.Name, fee.Get(fees));
            }
            json.WriteEndObject();
        }
        json.WriteStartArray("prices"u8);
        foreach (var period in model.Prices)
        {
            WritePeriod(json, period);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WritePeriod(Utf8JsonWriter json, CatalogueDocument.Period period)
    {
        json.WriteStartObject();
        if (period.From is { } from)
        {
            json.WriteString("from"u8, from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
        WriteRates(json, period);
        if (period.Long.Length > 0)
        {
            json.WriteStartArray("long"u8);
            foreach (var step in period.Long)
            {
                json.WriteStartObject();
                json.WriteNumber("above"u8, step.Above);
                WriteRates(json, step);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (period.Peak is { } peak)
        {
            json.WriteStartObject("peak"u8);
            json.WriteNumber("factor"u8, peak.Factor);
            WriteNames(json, "hours_utc", peak.HoursUtc);
            if (peak.WeekdaysOnly)
            {
                json.WriteBoolean("weekdays_only"u8, true);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteRates(Utf8JsonWriter json, CatalogueDocument.Rates rates)
    {
        foreach (var of in RateClass.All)
        {
            // An absent input or output is 0, any other absent class costs what its whole costs.
            if (of.Get(rates) is { } rate && (rate != 0 || (of != RateClass.Input && of != RateClass.Output)))
            {
                WriteDecimal(json, of.Name, rate);
            }
        }
    }

    private static void WriteDecimal(Utf8JsonWriter json, string name, decimal value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString("0.###############", CultureInfo.InvariantCulture));
    }

    private static void WriteCount(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } count)
        {
            json.WriteNumber(name, count);
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string name, string[] values)
    {
        if (values.Length > 0)
        {
            json.WritePropertyName(name);
            WriteArray(json, values);
        }
    }

    private static void WriteArray(Utf8JsonWriter json, string[] values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
