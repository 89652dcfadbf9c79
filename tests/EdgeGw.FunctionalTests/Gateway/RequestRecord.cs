using System.Globalization;
using System.Text.Json;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>One usage record as the gateway logs it, with the names of the outside contract.</summary>
internal sealed class RequestRecord(JsonElement json)
{
    private readonly JsonElement _json = json;

    public string Id => Text("id")!;
    public string? Dialect => Text("dialect");
    public string? Provider => Text("provider");
    public string? Model => Text("model");
    public string? Outcome => Text("outcome");
    public string? Error => Text("error");
    public string? UsageSource => Text("usage_source");
    public string? CostSource => Text("cost_source");
    public int Status => _json.GetProperty("status").GetInt32();
    public bool Stream => _json.TryGetProperty("stream", out var stream) && stream.GetBoolean();
    public bool Presumed => _json.TryGetProperty("presumed", out var presumed) && presumed.GetBoolean();

    /// <summary>The caller's own label <c>call</c>, which the tests set to the script's id.</summary>
    public string? Call => _json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("call", out var call) ? call.GetString() : null;

    public string? Key => _json.TryGetProperty("principal", out var who) && who.TryGetProperty("key", out var key) ? key.ToString() : null;

    /// <summary>The request whose presumed cost this one corrects.</summary>
    public string? Corrects => _json.TryGetProperty("corrects", out var corrected) ? corrected.GetProperty("id").GetString() : null;

    /// <summary>Whose cost is corrected.</summary>
    public string? CorrectedKey => _json.TryGetProperty("corrects", out var corrected) ? corrected.GetProperty("principal").GetProperty("key").GetString() : null;

    public long Input => Usage("input");
    public long CachedInput => Usage("cached_input");
    public long CacheWrite => Usage("cache_write");
    public long Output => Usage("output");
    public long Reasoning => Usage("reasoning");

    /// <summary>Nano-dollars.</summary>
    public long Cost => Money("cost_usd");
    public long Hold => Money("hold_usd");
    public long Overrun => Money("overrun_usd");

    public override string ToString() => _json.GetRawText();

    /// <summary>Reads a log line; null when the line is something else.</summary>
    public static RequestRecord? Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return root.TryGetProperty("outcome", out _) && root.TryGetProperty("id", out _) ? new RequestRecord(root.Clone()) : null;
    }

    private long Usage(string name) =>
        _json.TryGetProperty("usage", out var usage) && usage.TryGetProperty(name, out var count) ? count.GetInt64() : 0;

    private long Money(string name) => _json.TryGetProperty(name, out var amount) && amount.ValueKind == JsonValueKind.String ? Nano.Parse(amount.GetString()!) : 0;

    private string? Text(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Nano-dollars from the contract's decimal strings, with no binary fraction in between.</summary>
internal static class Nano
{
    public static long Parse(string dollars)
    {
        var nano = decimal.Parse(dollars, NumberStyles.Number, CultureInfo.InvariantCulture) * 1_000_000_000m;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new FormatException($"{dollars} has more than nine decimals.");
    }
}
