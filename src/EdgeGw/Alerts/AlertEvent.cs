using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;

namespace EdgeGw.Alerts;

/// <summary>Something that an operator should know of: it goes to the log, the metrics and the webhooks that ask for its kind.</summary>
/// <param name="id">The same for the same happening, whenever it is told: receivers drop what they know.</param>
/// <param name="type">As webhooks name it, such as <c>budget.threshold</c>.</param>
public abstract class AlertEvent(AlertKind kind, string id, string type, DateTimeOffset time)
{
    public AlertKind Kind { get; } = kind;

    public string Id { get; } = id;

    public string Type { get; } = type;

    public DateTimeOffset Time { get; } = time;

    /// <summary>The log line and the count.</summary>
    internal abstract void Report(GatewayLog log, AlertMetrics metrics);

    /// <summary>The fields of its own.</summary>
    protected abstract void Write(Utf8JsonWriter json);

    /// <summary>The body of the POST.</summary>
    /// <param name="node">Who tells it.</param>
    internal byte[] ToJson(string node)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Id);
            json.WriteString("type"u8, Type);
            JsonFields.WriteTime(json, "time"u8, Time);
            json.WriteString("node"u8, node);
            Write(json);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A hash of what makes a happening the same. The lengths are part of it, so that no choice of names makes the id of others.</summary>
    protected static string IdOf(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length).Append(':').Append(part);
        }
        return "evt_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    /// <summary>Ticks, for <see cref="IdOf"/>.</summary>
    protected static string Text(DateTimeOffset time) => time.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
