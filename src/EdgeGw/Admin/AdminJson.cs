using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Admin;

/// <summary>The shapes of the admin API's answers.</summary>
internal static class AdminJson
{
    internal static void Usage(Utf8JsonWriter json, IReadOnlyList<string> by, DateTimeOffset from, DateTimeOffset to, UsageReport report)
    {
        json.WriteStartObject();
        json.WriteStartArray("by"u8);
        foreach (var name in by)
        {
            json.WriteStringValue(name);
        }
        json.WriteEndArray();
        JsonFields.WriteTime(json, "from"u8, from);
        JsonFields.WriteTime(json, "to"u8, to);
        json.WriteStartArray("rows"u8);
        foreach (var row in report.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < by.Count; i++)
            {
                json.WriteString(by[i], row.Values[i]);
            }
            Totals(json, row.Totals);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("total"u8);
        Totals(json, report.Total);
        json.WriteEndObject();
        json.WriteBoolean("truncated"u8, report.Truncated);
        json.WriteEndObject();
    }

    /// <summary>An object with one bounded array, and whether something was left out.</summary>
    internal static void List<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<T> items, int limit, Action<Utf8JsonWriter, T> write)
    {
        var written = 0;
        var truncated = false;
        json.WriteStartObject();
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            if (written++ == limit)
            {
                truncated = true;
                break;
            }
            write(json, item);
        }
        json.WriteEndArray();
        json.WriteBoolean("truncated"u8, truncated);
        json.WriteEndObject();
    }

    internal static void Budget(Utf8JsonWriter json, BudgetStatus slot, DateTimeOffset now)
    {
        json.WriteStartObject();
        BudgetFields(json, slot, now);
        json.WriteEndObject();
    }

    internal static void BudgetFields(Utf8JsonWriter json, BudgetStatus slot, DateTimeOffset now)
    {
        json.WriteString("budget"u8, slot.Budget);
        json.WriteString("scope"u8, slot.Scope);
        json.WriteString("at_limit"u8, WireNames.Of(slot.Action));
        JsonFields.WriteUsd(json, "limit_usd"u8, slot.Limit.Value);
        JsonFields.WriteUsd(json, "spent_usd"u8, slot.Spent.Value);
        JsonFields.WriteUsd(json, "held_usd"u8, slot.Held.Value);
        JsonFields.WriteUsd(json, "remaining_usd"u8, slot.Remaining.Value);
        JsonFields.WriteUsd(json, "forecast_usd"u8, slot.Forecast(now).Value);
        Time(json, "exhausted_at"u8, slot.Exhaustion(now));
        json.WriteBoolean("rolling"u8, slot.IsRolling);
        JsonFields.WriteTime(json, "window_start"u8, slot.WindowStart);
        JsonFields.WriteTime(json, "window_end"u8, slot.WindowEnd);
    }

    internal static void Raise(Utf8JsonWriter json, BudgetRaise raise)
    {
        json.WriteStartObject();
        json.WriteString("budget"u8, raise.Budget);
        json.WriteString("scope"u8, raise.Scope);
        JsonFields.WriteUsd(json, "amount_usd"u8, raise.Amount.Value);
        JsonFields.WriteTime(json, "until"u8, raise.Until);
        json.WriteString("reason"u8, raise.Reason);
        json.WriteEndObject();
    }

    internal static void Key(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteStartObject();
        KeyFields(json, key);
        json.WriteEndObject();
    }

    internal static void Created(Utf8JsonWriter json, CreatedKey created)
    {
        json.WriteStartObject();
        KeyFields(json, created.Key);
        json.WriteString("secret"u8, created.Secret);
        json.WriteString("hash"u8, created.Hash);
        json.WriteEndObject();
    }

    private static void KeyFields(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteString("id"u8, key.Id);
        json.WriteString("name"u8, key.Name);
        json.WriteString("user"u8, key.User);
        json.WriteString("email"u8, key.Email);
        json.WriteString("service"u8, key.Service);
        Texts(json, "groups"u8, key.Groups);
        Texts(json, "models"u8, key.Models);
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in key.Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        Time(json, "created"u8, key.Created);
        Time(json, "rotated"u8, key.Rotated);
        Time(json, "old_secret_until"u8, key.OverlapEnds);
        Time(json, "last_used"u8, key.LastUsed);
        Time(json, "expires"u8, key.Expires);
        Time(json, "revoked"u8, key.Revoked);
        json.WriteString("source"u8, key.Source == KeySource.Config ? "config"u8 : "store"u8);
    }

    private static void Texts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private static void Totals(Utf8JsonWriter json, in UsageTotals totals)
    {
        json.WriteNumber("requests"u8, totals.Requests);
        JsonFields.WriteUsage(json, "usage"u8, totals.Usage);
        JsonFields.WriteUsd(json, "cost_usd"u8, totals.CostNanoUsd);
    }

    private static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            JsonFields.WriteTime(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
