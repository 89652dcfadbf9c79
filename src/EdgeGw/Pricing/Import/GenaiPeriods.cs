using System.Globalization;
using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>
/// genai-prices' conditional prices over time. Of a list the last whose condition holds is in force, and the first where none does; dates become
/// periods, a daily interval peak hours where one factor and whole hours say the same.
/// </summary>
internal static class GenaiPeriods
{
    /// <summary>Null, with the loss reported, where there is nothing or more than can be said.</summary>
    public static CatalogueDocument.Period[]? Read(JsonElement prices, ImportedModel model)
    {
        if (prices.ValueKind == JsonValueKind.Object)
        {
            return prices.EnumerateObject().Any() ? [GenaiPricesImport.ReadPrices(prices, model).ToPeriod()] : Unpriced(model);
        }
        if (prices.ValueKind != JsonValueKind.Array || prices.GetArrayLength() == 0
            || prices.EnumerateArray().Any(each => !each.TryGetProperty("prices", out var of) || of.ValueKind != JsonValueKind.Object))
        {
            return Unpriced(model);
        }
        var list = prices.EnumerateArray().ToArray();
        return list.Any(each => Constraint(each, "start_time") is not null) ? ReadPeak(list, model) : ReadDated(list, model);
    }

    private static CatalogueDocument.Period[]? ReadDated(JsonElement[] list, ImportedModel model)
    {
        // From the last on: one that starts after a later one of the list never is in force.
        var periods = new List<CatalogueDocument.Period>();
        DateTimeOffset? earliest = null;
        for (var i = list.Length - 1; i >= 0; i--)
        {
            DateTimeOffset? from = null;
            if (list[i].TryGetProperty("constraint", out var constraint) && constraint.ValueKind == JsonValueKind.Object)
            {
                if (Constraint(list[i], "start_date") is not { } text || constraint.EnumerateObject().Count() > 1 || !TryReadDate(text, out var date))
                {
                    model.Lose("prices under conditions that cannot be said", constraint.GetRawText());
                    return null;
                }
                from = date;
            }
            if (earliest is { } later && from >= later)
            {
                continue;
            }
            periods.Insert(0, GenaiPricesImport.ReadPrices(list[i].GetProperty("prices"), model).ToPeriod(from));
            if (from is null)
            {
                return [.. periods];
            }
            earliest = from;
        }
        // Every price has a date: before the earliest of them the first of the list holds.
        periods.Insert(0, GenaiPricesImport.ReadPrices(list[0].GetProperty("prices"), model).ToPeriod());
        return [.. periods];
    }

    private static CatalogueDocument.Period[]? ReadPeak(JsonElement[] list, ImportedModel model)
    {
        var first = GenaiPricesImport.ReadPrices(list[0].GetProperty("prices"), model);
        var second = list.Length == 2 ? GenaiPricesImport.ReadPrices(list[1].GetProperty("prices"), model) : first;
        if (list.Length == 2 && Constraint(list[0], "start_time") is null && Constraint(list[0], "start_date") is null
            && TryReadHour(Constraint(list[1], "start_time"), out var from) && TryReadHour(Constraint(list[1], "end_time"), out var to) && from != to)
        {
            var isPeak = second.RatioTo(first) is { Denominator: 1, Numerator: > 1 };
            var (calm, busy, start, end) = isPeak ? (first, second, from, to) : (second, first, to, from);
            // Both ways round: a class that only one of the two prices have would be missed by one comparison.
            if (busy.RatioTo(calm) is { Denominator: 1, Numerator: > 1 } factor && calm.RatioTo(busy) is not null)
            {
                var period = calm.ToPeriod();
                period.Peak = new CatalogueDocument.Peak { Factor = factor.Numerator, HoursUtc = Spans(start, end) };
                return [period];
            }
        }
        model.Lose("prices by the time of day that are no whole hours or no whole factor: the model is left out");
        return null;
    }

    private static string[] Spans(int from, int to)
    {
        string Span(int start, int end) => string.Create(CultureInfo.InvariantCulture, $"{start}-{end}");
        return from < to ? [Span(from, to)] : to == 0 ? [Span(from, 24)] : [Span(from, 24), Span(0, to)];
    }

    private static CatalogueDocument.Period[]? Unpriced(ImportedModel model)
    {
        model.Lose("no price");
        return null;
    }

    private static string? Constraint(JsonElement conditional, string name) =>
        conditional.TryGetProperty("constraint", out var constraint) && constraint.ValueKind == JsonValueKind.Object
        && constraint.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryReadDate(string text, out DateTimeOffset date) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out date);

    private static bool TryReadHour(string? text, out int hour)
    {
        hour = 0;
        if (!TimeOnly.TryParseExact(text?.TrimEnd('Z'), "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || time.Ticks % TimeSpan.TicksPerHour != 0)
        {
            return false;
        }
        hour = time.Hour;
        return true;
    }
}
