using System.Globalization;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>The reads under <c>/admin/v1</c>. Every one is bounded: a report must not be able to take the gateway's memory.</summary>
internal sealed class AdminQueries(IAdminSource source, TimeProvider time)
{
    internal const int DefaultLimit = 1000;
    internal const int MaxLimit = 10_000;
    private const int MaxDimensions = 8;
    private const int DefaultRequests = 100;
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromDays(30);

    internal Task UsageAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var by = new List<UsageDimension>();
        var names = ((string?)query["by"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length > MaxDimensions || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            return Invalid(context, "by", $"At most {MaxDimensions} dimensions, each once.");
        }
        foreach (var name in names)
        {
            if (!UsageDimension.TryParse(name, out var dimension))
            {
                return Invalid(context, "by", $"Known dimensions: {UsageDimension.Names}.");
            }
            by.Add(dimension);
        }
        var now = time.GetUtcNow();
        // The running hour belongs to it, and rows are whole hours.
        var to = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero);
        var from = to - DefaultPeriod;
        if (query["to"] is [{ Length: > 0 } toText, ..] && !AdminTime.TryParsePast(toText, now, out to))
        {
            return Invalid(context, "to", TimeHelp);
        }
        if (query["from"] is [{ Length: > 0 } fromText, ..] && !AdminTime.TryParsePast(fromText, now, out from))
        {
            return Invalid(context, "from", TimeHelp);
        }
        if (from > to)
        {
            return Invalid(context, "from", "The period ends before it starts.");
        }
        return TryLimit(query, DefaultLimit, MaxLimit, out var limit)
            ? AdminResponse.JsonAsync(context, 200, json => AdminJson.Usage(json, names, from, to, source.Usage.Report(by, from, to, limit)))
            : Invalid(context, "limit", LimitHelp);
    }

    internal Task BudgetsAsync(HttpContext context)
    {
        if (!TryLimit(context.Request.Query, DefaultLimit, MaxLimit, out var limit))
        {
            return Invalid(context, "limit", LimitHelp);
        }
        string? budget = context.Request.Query["budget"], scope = context.Request.Query["scope"];
        var slots = source.Budgets(string.IsNullOrEmpty(budget) ? null : budget, scope);
        var now = time.GetUtcNow();
        return AdminResponse.JsonAsync(context, 200, json => AdminJson.List(json, "budgets"u8, slots, limit, (writer, slot) => AdminJson.Budget(writer, slot, now)));
    }

    internal Task RaisesAsync(HttpContext context) =>
        AdminResponse.JsonAsync(context, 200, json => AdminJson.List(json, "raises"u8, source.Raises(), MaxLimit, AdminJson.Raise));

    internal Task RequestsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!TryLimit(query, DefaultRequests, MaxLimit, out var limit))
        {
            return Invalid(context, "limit", LimitHelp);
        }
        Outcome? outcome = null;
        if (query["outcome"] is [{ Length: > 0 } outcomeText, ..])
        {
            outcome = WireNames.ParseOutcome(outcomeText);
            if (outcome is null)
            {
                return Invalid(context, "outcome", "Known outcomes: " + string.Join(", ", Enum.GetValues<Outcome>().Select(WireNames.Of)) + ".");
            }
        }
        var key = query["key"] is [{ Length: > 0 } keyText, ..] ? keyText : null;
        var records = source.Requests.Query(limit, outcome, key);
        return AdminResponse.JsonAsync(context, 200, json =>
            AdminJson.List(json, "requests"u8, records, limit, static (json, record) => UsageRecordJson.Write(record, json)));
    }

    internal Task KeysAsync(HttpContext context) => TryLimit(context.Request.Query, DefaultLimit, MaxLimit, out var limit)
        ? AdminResponse.JsonAsync(context, 200, json => AdminJson.List(json, "keys"u8, source.Keys(), limit, AdminJson.Key))
        : Invalid(context, "limit", LimitHelp);

    internal Task ConfigAsync(HttpContext context) => AdminResponse.JsonAsync(context, 200, source.WriteConfig);

    internal const string TimeHelp = "A time is RFC 3339 (2025-11-21T08:00:00Z), a date (2025-11-21, UTC) or a span back from now (24h, 7d).";

    private static readonly string LimitHelp = $"A limit is a number from 1 to {MaxLimit}.";

    private static Task Invalid(HttpContext context, string parameter, string message) =>
        AdminResponse.ErrorAsync(context, new AdminError(400, "invalid_parameter", $"{parameter}: {message}"));

    private static bool TryLimit(IQueryCollection query, int standard, int max, out int limit)
    {
        limit = standard;
        return query["limit"] is not [{ Length: > 0 } text, ..]
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= max);
    }
}
