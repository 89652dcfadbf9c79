using System.Buffers;
using System.Text.Json;
using EdgeGw.Identity;
using EdgeGw.Pricing;

namespace EdgeGw.Telemetry;

/// <summary>A record as one JSON line: the outside contract's names, absent where not known, every string cut at a length and escaped to ASCII.</summary>
/// <remarks>ASCII, because callers choose some of these strings and logs end up in terminals: no control character or direction mark gets through.</remarks>
public static class UsageRecordJson
{
    // Validation is off for speed; the tests parse every shape of line instead.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Appends the record and a line feed.</summary>
    public static void WriteLine(UsageRecord record, IBufferWriter<byte> output)
    {
        var json = _writer ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        Write(record, json);
        json.Flush();
        // Lets go of the buffer, which may be pooled.
        json.Reset(Nowhere);
        output.Write("\n"u8);
    }

    /// <summary>Writes the record as one object.</summary>
    public static void Write(UsageRecord record, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, record.Id);
        JsonFields.WriteTime(json, "time"u8, record.Time);
        WritePrincipal(json, record.Principal);
        if (!EffectiveMetadata.IsEmpty(record))
        {
            EffectiveMetadata.Buffer buffer = default;
            json.WriteStartObject("metadata"u8);
            foreach (var (name, value) in EffectiveMetadata.Of(record, buffer))
            {
                json.WriteString(RecordLimits.Cut(name), RecordLimits.Cut(value));
            }
            json.WriteEndObject();
        }
        json.WriteString("dialect"u8, WireNames.Of(record.Dialect));
        WriteText(json, "provider"u8, record.Provider);
        WriteText(json, "model_requested"u8, record.ModelRequested);
        WriteText(json, "model"u8, record.Model);
        WriteText(json, "route"u8, record.Route);
        json.WriteNumber("attempt"u8, record.Attempt);
        json.WriteBoolean("stream"u8, record.Stream);
        json.WriteNumber("status"u8, record.Status);
        json.WriteString("outcome"u8, WireNames.Of(record.Outcome));
        WriteText(json, "error"u8, record.Error);
        JsonFields.WriteUsage(json, "usage"u8, record.Usage);
        json.WriteString("usage_source"u8, WireNames.Of(record.UsageSource));
        JsonFields.WriteUsd(json, "cost_usd"u8, record.Cost.Value);
        json.WriteString("cost_source"u8, WireNames.Of(record.CostSource));
        JsonFields.WriteUsd(json, "hold_usd"u8, record.Hold.Value);
        JsonFields.WriteUsd(json, "overrun_usd"u8, record.Overrun.Value);
        if (record.Presumed)
        {
            json.WriteBoolean("presumed"u8, true);
        }
        if (record.Corrects is { } corrected)
        {
            json.WriteStartObject("corrects"u8);
            json.WriteString("id"u8, corrected.Id);
            WritePrincipal(json, corrected.Principal);
            json.WriteEndObject();
        }
        WriteText(json, "policy"u8, record.Policy);
        if (record.ShadowPolicies is { } shadows)
        {
            json.WriteStartArray("shadow_policies"u8);
            for (var i = 0; i < Math.Min(shadows.Count, RecordLimits.MaxMetadata); i++)
            {
                json.WriteStringValue(RecordLimits.Cut(shadows[i]));
            }
            json.WriteEndArray();
        }
        if (record.Velocity is { } velocity)
        {
            json.WriteStartObject("velocity"u8);
            velocity.WriteFields(json);
            json.WriteEndObject();
        }
        json.WriteNumber("overhead_us"u8, record.OverheadMicroseconds);
        if (record.FirstByteMilliseconds is { } first)
        {
            WriteMilliseconds(json, "ttft_ms"u8, first);
        }
        WriteMilliseconds(json, "total_ms"u8, record.TotalMilliseconds);
        json.WriteEndObject();
    }

    private static void WritePrincipal(Utf8JsonWriter json, Principal principal)
    {
        json.WriteStartObject("principal"u8);
        WriteText(json, "user"u8, principal.User);
        WriteText(json, "email"u8, principal.Email);
        if (principal.Groups.Count > 0)
        {
            json.WriteStartArray("groups"u8);
            for (var i = 0; i < Math.Min(principal.Groups.Count, RecordLimits.MaxGroups); i++)
            {
                json.WriteStringValue(RecordLimits.Cut(principal.Groups[i]));
            }
            json.WriteEndArray();
        }
        WriteText(json, "service"u8, principal.Service);
        WriteText(json, "key"u8, principal.KeyName ?? principal.KeyId);
        WriteText(json, "key_id"u8, principal.KeyId);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, RecordLimits.Cut(value));
        }
    }

    /// <summary>Three decimals; JSON has no NaN.</summary>
    private static void WriteMilliseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, double value)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxLength];
        FixedPoint.TryFormat(Microseconds.FromMilliseconds(value), 3, text, out var length);
        json.WritePropertyName(name);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
