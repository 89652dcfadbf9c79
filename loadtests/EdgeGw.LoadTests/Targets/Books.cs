using System.Globalization;
using System.Text.Json;

namespace EdgeGw.LoadTests.Targets;

/// <summary>What a gateway has booked in all, or should have.</summary>
/// <param name="Cost">US dollars.</param>
internal readonly record struct Books(long Requests, long Input, long Output, decimal Cost)
{
    /// <param name="text">The answer of <c>/admin/v1/usage</c>.</param>
    public static Books Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        var total = json.RootElement.GetProperty("total");
        var usage = total.GetProperty("usage");
        return new Books(
            total.GetProperty("requests").GetInt64(), Number(usage, "input"), Number(usage, "output"),
            decimal.Parse(total.GetProperty("cost_usd").GetString()!, CultureInfo.InvariantCulture));
    }

    private static long Number(JsonElement usage, string name) => usage.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
