using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Telemetry;

/// <summary>Usage, money and time as every JSON face of the gateway writes them.</summary>
public static class JsonFields
{
    /// <inheritdoc cref="UsageJson.Write"/>
    public static void WriteUsage(Utf8JsonWriter json, ReadOnlySpan<byte> name, in Usage usage)
    {
        json.WritePropertyName(name);
        UsageJson.Write(json, usage);
    }

    /// <summary>Nano-dollars as an exact decimal string of dollars: a JSON number would be read into a double.</summary>
    public static void WriteUsd(Utf8JsonWriter json, ReadOnlySpan<byte> name, Int128 nanoUsd)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxWideLength];
        json.WriteString(name, text[..FixedPoint.Format(nanoUsd, 9, text)]);
    }

    /// <summary>An instant in UTC, always with seven decimals, so that lines sort by their text.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[40];
        time.UtcDateTime.TryFormat(text, out var length, "O", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
