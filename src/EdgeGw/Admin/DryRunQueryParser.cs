using System.Text.Json;

namespace EdgeGw.Admin;

/// <summary>Reads a body of <c>POST /admin/v1/simulate</c> that asks for a dry run.</summary>
internal static class DryRunQueryParser
{
    /// <summary>Null: the body asks for none, or is no JSON object.</summary>
    internal static AdminResult<DryRunQuery>? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Any(static field => field.Name is "last" or "config"))
            {
                return Read(root);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Whoever reads it as a single call says what is wrong with it.
        }
        return null;
    }

    private static AdminResult<DryRunQuery> Read(JsonElement root)
    {
        if (root.EnumerateObject().Any(static field => field.Name is not ("last" or "config")))
        {
            return Invalid("last takes the calls as they were recorded: nothing but config goes with it.");
        }
        if (root.EnumerateObject().Count() != root.EnumerateObject().DistinctBy(static field => field.Name).Count())
        {
            return Invalid("A name is repeated.");
        }
        if (!root.TryGetProperty("last"u8, out var last) || last.ValueKind != JsonValueKind.Number || !last.TryGetInt32(out var calls) || calls is < 1 or > DryRunQuery.MostCalls)
        {
            return Invalid($"last: a whole number from 1 to {DryRunQuery.MostCalls}.");
        }
        if (!root.TryGetProperty("config"u8, out var config))
        {
            return new DryRunQuery(calls, null);
        }
        return config.ValueKind == JsonValueKind.Object ? new DryRunQuery(calls, config.GetRawText()) : Invalid("config: a configuration, as a JSON object.");
    }

    private static AdminError Invalid(string message) => new(400, "invalid_simulation", message);
}
