using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Metering;

/// <summary>Every recorded answer of a dialect that we read, metered to the exact token, whole and in pieces.</summary>
public sealed class CorpusTests
{
    private const int SmallFile = 1500;

    [RequiresCorpusTheory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(61)]
    [InlineData(4096)]
    public void Recorded_answers_in_pieces_give_the_index_numbers(int pieceLength)
    {
        using var meter = new AnswerMeter();
        var wrong = new List<string>();
        foreach (var row in Corpus.Rows)
        {
            var reading = Meter(meter, row, Corpus.Body(row), pieceLength);
            if (Difference(row, reading) is { } difference)
            {
                wrong.Add($"{row.File}: {difference}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [RequiresCorpusFact]
    public void Recorded_answers_in_pieces_give_the_same_reading_as_whole()
    {
        // Each learns for itself: what one answer teaches must not be in the next one's reading.
        using var whole = new AnswerMeter();
        using var pieces = new AnswerMeter();
        foreach (var row in Corpus.Rows)
        {
            var body = Corpus.Body(row);
            Assert.Equal(Meter(whole, row, body, int.MaxValue), Meter(pieces, row, body, 5));
        }
    }

    [RequiresCorpusFact]
    public void Recorded_answers_cut_anywhere_give_a_sane_reading()
    {
        using var meter = new AnswerMeter();
        foreach (var row in Corpus.Rows)
        {
            var body = Corpus.Body(row);
            // All cuts of small files; of larger ones a sample that still hits every kind of place.
            var step = body.Length <= SmallFile ? 1 : body.Length / 41;
            for (var cut = 0; cut < body.Length; cut += step)
            {
                meter.Start(row.Options);
                meter.Observe(body.AsSpan(0, cut));
                AssertSane(meter.Finish(), row);
            }
        }
    }

    [RequiresCorpusFact]
    public void Recorded_prices_of_providers_that_bill_by_them_are_read()
    {
        using var meter = new AnswerMeter();
        foreach (var row in Corpus.Rows.Where(static r => r.Provider is "openrouter" or "xai" or "perplexity" or "avian" or "vercel-gateway"))
        {
            var reading = Meter(meter, row, Corpus.Body(row), int.MaxValue);
            // The one with the caller's own key costs nothing at the router and 0.00417 at the upstream.
            // Two prices stand in bodies that the index knows no price of.
            var expected = row.File switch
            {
                var f when f.Contains("claude-opus-5", StringComparison.Ordinal) => 0.00417m,
                var f when f.StartsWith("openrouter__rerank__unary__rerank-v3.5", StringComparison.Ordinal) => 0.001m,
                var f when f.StartsWith("openrouter__transcriptions", StringComparison.Ordinal) => 0.00010625m,
                _ => row.ProviderCost,
            };
            Assert.Equal(expected is { } dollars ? NanoUsd.FromDollars(dollars) : null, reading.ProviderCost);
        }
    }

    private static MeterReading Meter(AnswerMeter meter, CorpusRow row, byte[] body, int pieceLength)
    {
        meter.Start(row.Options);
        for (var at = 0; at < body.Length; at += Math.Min(pieceLength, body.Length - at))
        {
            meter.Observe(body.AsSpan(at, Math.Min(pieceLength, body.Length - at)));
        }
        return meter.Finish();
    }

    private static string? Difference(CorpusRow row, MeterReading reading)
    {
        if (!row.HasUsage)
        {
            return reading.Source == UsageSource.Provider ? "usage out of nothing"
                : row.IsError && reading.Source != UsageSource.None ? "an error was metered"
                : Extras(row, reading.Usage);
        }
        if (reading.Source != UsageSource.Provider)
        {
            return $"source {reading.Source}";
        }
        if (row.IsAmbiguous)
        {
            return null;
        }
        var usage = reading.Usage;
        (string Name, long Actual)[] classes =
        [
            ("input", usage.Input), ("cached_input", usage.CachedInput), ("cache_write", usage.CacheWrite),
            ("output", usage.Output), ("reasoning", usage.Reasoning),
        ];
        var wrong = classes.Where(c => row.Expect(c.Name) is { } expected && expected != c.Actual)
            .Select(c => $"{c.Name} {c.Actual} instead of {row.Expect(c.Name)}");
        return string.Join(", ", wrong) is { Length: > 0 } text ? text : Extras(row, usage);
    }

    private static string? Extras(CorpusRow row, Usage usage)
    {
        using var extra = System.Text.Json.JsonDocument.Parse(row.Cells["extra_json"] is { Length: > 0 } json ? json : "{}");
        (string Name, long Actual)[] classes =
        [
            ("cache_write_1h", usage.CacheWrite1h), ("audio_in", usage.AudioInput), ("audio_out", usage.AudioOutput), ("tool_use_prompt", usage.ToolInput),
            ("web_search_requests", usage.WebSearches), ("web_search_queries", usage.WebSearches), ("audio_seconds", usage.Seconds),
            ("search_units", usage.SearchUnits), ("images", usage.Images),
        ];
        foreach (var (name, actual) in classes)
        {
            if (extra.RootElement.TryGetProperty(name, out var expected) && expected.GetInt64() != actual)
            {
                return $"{name} {actual} instead of {expected}";
            }
        }
        if (extra.RootElement.TryGetProperty("in_modality", out var modalities) && modalities.TryGetProperty("IMAGE", out var image) && image.GetInt64() != usage.ImageInput)
        {
            return $"image input {usage.ImageInput} instead of {image}";
        }
        return extra.RootElement.TryGetProperty("server_tool_items", out var items) && items.TryGetProperty("web_search_call", out var searches)
            && searches.GetInt64() != usage.WebSearches ? $"web searches {usage.WebSearches} instead of {searches}" : null;
    }

    private static void AssertSane(MeterReading reading, CorpusRow row)
    {
        var usage = reading.Usage;
        Assert.True(usage.Input >= 0 && usage.Output >= 0, row.File);
        Assert.True(usage.CachedInput + usage.CacheWrite <= usage.Input, row.File);
        Assert.True(usage.CacheWrite1h <= usage.CacheWrite, row.File);
        Assert.True(usage.Reasoning <= usage.Output, row.File);
        // A number cut in two would be smaller; a text counted twice larger than what was sent.
        Assert.True(usage.Output <= Math.Max(row.Expect("output") ?? 0, 1_000_000), row.File);
        Assert.True(reading.Source != UsageSource.None || usage.IsEmpty, row.File);
    }
}
