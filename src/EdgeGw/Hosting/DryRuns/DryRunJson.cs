using System.Text.Json;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>A dry run's report as JSON. Tables show the first of their rows and say how many were left off.</summary>
internal static class DryRunJson
{
    private const int MostRows = 100;

    public static void Write(Utf8JsonWriter json, DryRunReport report)
    {
        json.WriteStartObject();
        if (report.From is { } from && report.Until is { } until)
        {
            JsonFields.WriteTime(json, "from"u8, from);
            JsonFields.WriteTime(json, "until"u8, until);
        }
        WriteTotals(json, report.Total);
        WriteRows(json, "refused_by", report.RefusedBy, row =>
        {
            json.WriteString(row.Key.Kind, row.Key.Rule);
            json.WriteString("caller"u8, row.Key.Caller);
            json.WriteNumber("calls"u8, row.Value.Calls);
            JsonFields.WriteUsd(json, "recorded_usd"u8, row.Value.Recorded);
            json.WriteString("reason"u8, row.Value.Reason);
        });
        WriteRows(json, "callers", report.Callers, row => WriteNamed(json, row));
        WriteRows(json, "groups", report.Groups, row => WriteNamed(json, row));
        WriteRows(json, "moved_by", [.. report.MovedBy], row =>
        {
            json.WriteString(row.Key.Kind, row.Key.Rule);
            json.WriteString("to"u8, row.Key.Target);
            json.WriteNumber("calls"u8, row.Value);
        });
        WriteRows(json, "would_be_refused_by", [.. report.WouldBeRefusedBy], row =>
        {
            json.WriteString(row.Key.Kind, row.Key.Rule);
            json.WriteNumber("calls"u8, row.Value);
        });
        WriteRows(json, "not_judged", [.. report.NotJudged], row =>
        {
            json.WriteString("what"u8, row.Key.What);
            json.WriteString("why"u8, row.Key.Why);
            json.WriteNumber("calls"u8, row.Value);
        });
        WriteRows(json, "costs_kept", [.. report.CostsKept], row =>
        {
            json.WriteString("why"u8, row.Key);
            json.WriteNumber("calls"u8, row.Value);
        });
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, in KeyValuePair<string, DryRunReport.Totals> row)
    {
        json.WriteString("name"u8, row.Key);
        WriteTotals(json, row.Value);
    }

    private static void WriteTotals(Utf8JsonWriter json, DryRunReport.Totals totals)
    {
        json.WriteNumber("calls"u8, totals.Calls);
        json.WriteNumber("refused"u8, totals.Refused);
        JsonFields.WriteUsd(json, "recorded_usd"u8, totals.Recorded);
        JsonFields.WriteUsd(json, "would_cost_usd"u8, totals.Would);
    }

    private static void WriteRows<TRow>(Utf8JsonWriter json, string name, IReadOnlyList<TRow> rows, Action<TRow> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows.Take(MostRows))
        {
            json.WriteStartObject();
            write(row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (rows.Count > MostRows)
        {
            json.WriteNumber(name + "_left_off", rows.Count - MostRows);
        }
    }
}
