using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Metering;

/// <summary>Meters a recorded answer without a gateway: the core of <c>edgegw meter</c>.</summary>
/// <remarks>Provider and API are named as in the corpus index; a provider that is not known has no quirks.</remarks>
public sealed record RecordedAnswer
{
    private const int DefaultPiece = 64 << 10;

    public required string Provider { get; init; }

    /// <summary>One of <see cref="SupportedApis"/>.</summary>
    public required string Api { get; init; }

    /// <summary>The model asked for, where known.</summary>
    public string? Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>Overrides a <c>content-encoding</c> among <see cref="Headers"/>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Response headers as <c>name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Bytes fed at a time, at least 1; null: as they are read.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>The values of <see cref="Api"/> that can be metered.</summary>
    public static IReadOnlyList<string> SupportedApis { get; } = [.. Dialects.DialectTable.Apis];

    /// <summary>Prices an answer: provider kind, model asked for, what the meter read.</summary>
    public delegate (NanoUsd Cost, CostSource Source) Price(string provider, string? model, MeterReading reading);

    /// <summary>Reads <paramref name="body"/> to its end and writes one JSON line.</summary>
    /// <returns>An exit code: 0, or 2 with a sentence on <paramref name="errors"/> when the question cannot be answered.</returns>
    public int Meter(Stream body, TextWriter output, TextWriter errors, Price price)
    {
        if (!Dialects.DialectTable.TryParse(Api, out var dialect))
        {
            errors.WriteLine($"edgegw meter: api '{Api}' is not supported; supported are: {string.Join(", ", SupportedApis)}.");
            return 2;
        }
        if (ChunkSize < 1)
        {
            errors.WriteLine("edgegw meter: the chunk size must be at least 1.");
            return 2;
        }
        if (Headers.FirstOrDefault(static h => !h.Contains(':')) is { } bad)
        {
            errors.WriteLine($"edgegw meter: header '{bad}' is not 'name: value'.");
            return 2;
        }
        var reading = Read(body, dialect);
        output.WriteLine(Line(reading, price));
        return 0;
    }

    private MeterReading Read(Stream body, Dialect dialect)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions
        {
            Dialect = dialect,
            Provider = Provider,
            Stream = Stream,
            ContentType = Header("content-type"),
            ContentEncoding = ContentEncoding ?? Header("content-encoding"),
            HeaderCounts = Counts(),
            RequestedModel = Model,
        });
        var piece = new byte[ChunkSize ?? DefaultPiece];
        for (int length; (length = body.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false)) > 0;)
        {
            meter.Observe(piece.AsSpan(0, length));
        }
        return meter.Finish();
    }

    private HeaderCounts Counts()
    {
        var counts = default(HeaderCounts);
        foreach (var header in Headers)
        {
            var colon = header.IndexOf(':');
            counts = counts.With(header.AsSpan(0, colon).Trim(), header.AsSpan(colon + 1));
        }
        return counts;
    }

    private string? Header(string name)
    {
        foreach (var header in Headers)
        {
            var colon = header.IndexOf(':');
            if (header.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header[(colon + 1)..].Trim();
            }
        }
        return null;
    }

    private string Line(in MeterReading reading, Price price)
    {
        var (cost, source) = Cost(reading, price);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("provider", Provider);
            writer.WriteString("api", Api);
            writer.WriteString("model", reading.Model ?? Model);
            writer.WriteString("service_tier", reading.Terms.Tier);
            writer.WriteString("response_id", reading.ResponseId);
            writer.WritePropertyName("usage");
            UsageJson.Write(writer, reading.Usage);
            writer.WriteString("usage_source", UsageJson.NameOf(reading.Source));
            writer.WriteString("cost_usd", cost.ToString());
            writer.WriteString("cost_source", NameOf(source));
            writer.WriteNumber("events", reading.Events);
            writer.WriteBoolean("complete", reading.Complete);
            writer.WriteStartArray("errors");
            if (reading.Error is not null)
            {
                writer.WriteStringValue(reading.Error);
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private (NanoUsd Cost, CostSource Source) Cost(in MeterReading reading, Price price)
    {
        return reading.Source == UsageSource.None && reading.ProviderCost is null
            ? (NanoUsd.Zero, CostSource.None)
            : price(ProviderQuirks.KindOf(Provider), Model, reading);
    }

    private static string NameOf(CostSource source) => source switch
    {
        CostSource.Catalogue => "catalogue",
        CostSource.Override => "override",
        CostSource.Provider => "provider",
        CostSource.Ceiling => "ceiling",
        CostSource.Caller => "caller",
        _ => "none",
    };
}
