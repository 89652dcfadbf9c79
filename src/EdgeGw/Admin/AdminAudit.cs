using System.Buffers;
using System.Text.Json;
using EdgeGw.Telemetry;

namespace EdgeGw.Admin;

/// <summary>One JSON line for each change made through the admin plane: who, what, and with which result.</summary>
public sealed class AdminAudit(Stream destination, GatewayMetrics metrics, TimeProvider time)
{
    private const int MaxLength = 256;
    private readonly Lock _writing = new();

    /// <param name="actor">The token's fingerprint, never the token.</param>
    /// <param name="target">What was acted on: a key's id, or the name asked for.</param>
    /// <param name="result"><c>ok</c>, or the error's code.</param>
    internal void Write(string actor, string? remote, string action, string target, string result)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            JsonFields.WriteTime(json, "time"u8, time.GetUtcNow());
            json.WriteString("event"u8, "admin_change"u8);
            json.WriteString("actor"u8, "token:" + actor);
            json.WriteString("remote"u8, remote);
            json.WriteString("action"u8, action);
            json.WriteString("target"u8, target.AsSpan(0, Math.Min(target.Length, MaxLength)));
            json.WriteString("result"u8, result);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
        try
        {
            lock (_writing)
            {
                destination.Write(line.WrittenSpan);
                destination.Flush();
            }
        }
        catch (IOException)
        {
            // The change is made and journaled; failing the call now would only make its caller repeat it.
            metrics.AdminAuditFailed.Increment();
        }
    }
}
