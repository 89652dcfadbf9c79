using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeGw.Cli;

/// <summary>How a usage report is printed.</summary>
public enum UsageFormat : byte
{
    /// <summary>Aligned columns and a line of totals, for people.</summary>
    Table,
    /// <summary>RFC 4180, without totals, for spreadsheets.</summary>
    Csv,
    /// <summary>One object, as the admin API answers.</summary>
    Json,
}

/// <summary>Writes usage reports: the dimensions, then requests, token classes and cost in dollars.</summary>
public static class UsageTable
{
    private static readonly string[] Measures = ["requests", "input", "cached_input", "cache_write", "output", "reasoning", "cost_usd"];

    public static void Write(UsageReport report, UsageFormat format, TextWriter output)
    {
        switch (format)
        {
            case UsageFormat.Csv:
                WriteCsv(report, output);
                break;
            case UsageFormat.Json:
                WriteJson(report, output);
                break;
            default:
                WriteTable(report, output);
                break;
        }
    }

    private static void WriteTable(UsageReport report, TextWriter output)
    {
        var table = new TextTable([.. report.By, .. Measures], report.By.Count);
        foreach (var row in report.Rows)
        {
            table.Add([.. row.Dimensions, .. Cells(row)]);
        }
        if (report.By.Count > 0)
        {
            table.AddFooter(["total", .. Enumerable.Repeat("", report.By.Count - 1), .. Cells(report.Total)]);
        }
        else if (report.Rows.Count == 0)
        {
            table.Add(Cells(report.Total));
        }
        table.Write(output);
    }

    private static void WriteCsv(UsageReport report, TextWriter output)
    {
        CsvText.WriteLine([.. report.By, .. Measures], output);
        foreach (var row in report.Rows)
        {
            CsvText.WriteLine([.. row.Dimensions.Select(CsvText.Defuse), .. Cells(row)], output);
        }
    }

    private static void WriteJson(UsageReport report, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("by");
            foreach (var dimension in report.By)
            {
                json.WriteStringValue(dimension);
            }
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in report.Rows)
            {
                WriteRow(json, report.By, row);
            }
            json.WriteEndArray();
            json.WritePropertyName("total");
            WriteRow(json, [], report.Total);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteRow(Utf8JsonWriter json, IReadOnlyList<string> by, UsageRow row)
    {
        json.WriteStartObject();
        for (var i = 0; i < by.Count; i++)
        {
            json.WriteString(by[i], row.Dimensions[i]);
        }
        json.WriteNumber("requests", row.Requests);
        json.WritePropertyName("usage");
        UsageFields.Write(json, row.Usage);
        json.WriteString("cost_usd", row.Cost.ToString());
        json.WriteEndObject();
    }

    private static string[] Cells(UsageRow row) =>
    [
        Number(row.Requests), Number(row.Usage.Input), Number(row.Usage.CachedInput), Number(row.Usage.CacheWrite), Number(row.Usage.Output),
        Number(row.Usage.Reasoning), row.Cost.ToString(),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
