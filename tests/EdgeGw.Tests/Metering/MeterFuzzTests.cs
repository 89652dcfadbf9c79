using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Tests.Metering;

/// <summary>
/// Damages answers in every way that a fixed seed gives and meters them twice: whole and in pieces, which must agree to the last field, and, where the
/// damage left proper JSON, against a slow oracle that shares no line with the meter.
/// </summary>
public sealed class MeterFuzzTests
{
    private const int Seed = 20_261_121;
    private const int LargestFile = 6000;

    private static readonly byte[][] Insertions =
    [
        "\n"u8.ToArray(), "\r"u8.ToArray(), "\r\n\r\n"u8.ToArray(), "data:"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(),
        "\\"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "9"u8.ToArray(), "-"u8.ToArray(), ".5"u8.ToArray(), "null"u8.ToArray(), "\0"u8.ToArray(), [0xFF], [0xEF, 0xBB, 0xBF],
        "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}"u8.ToArray(), "data: [DONE]\n\n"u8.ToArray(), ": comment\n"u8.ToArray(), "error: {\"code\":1}\n\n"u8.ToArray(),
    ];

    private static readonly string Chat = """
        : OPENROUTER PROCESSING

        data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"one two"},"finish_reason":null}],"usage":null}

        data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":" \"usage\":{\"prompt_tokens\":99} three"},"finish_reason":null}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}

        data: {"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":21,"total_tokens":71,"prompt_tokens_details":{"cached_tokens":30},"completion_tokens_details":{"reasoning_tokens":8}}}

        data: [DONE]


        """;

    [Fact]
    public void Damaged_answers_of_every_dialect_read_the_same_in_pieces_as_whole()
    {
        var seeds = Corpus.Rows.Select(static row => (row.Options, Body: Corpus.Body(row))).Where(static s => s.Body.Length <= LargestFile)
            .Append((new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai" }, Encoding.UTF8.GetBytes(Chat))).ToArray();
        foreach (var (i, random) in Rounds(4000))
        {
            var (options, body) = seeds[random.Next(seeds.Length)];
            options = options with { InputBytes = 400 };
            var damaged = Damage(body, random);
            var whole = Meter(options, damaged, [damaged.Length + 1]);
            var pieces = Meter(options, damaged, [random.Next(1, 4), random.Next(1, 40), random.Next(1, 400)]);
            // How much comes out of broken compression before the break is found depends on the cuts.
            Assert.True(whole == pieces || options.ContentEncoding is not null, $"round {i}, {options.Dialect}: {whole} in pieces is {pieces}: {Convert.ToBase64String(damaged)}");
            AssertSane(whole, i);
        }
    }

    [Fact]
    public void Damaged_chat_streams_agree_with_a_slow_reading()
    {
        var compared = 0;
        foreach (var (i, random) in Rounds(6000))
        {
            var damaged = Damage(Encoding.UTF8.GetBytes(Chat), random);
            if (Oracle(damaged) is not { } expected)
            {
                continue;
            }
            compared++;
            var reading = Meter(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai", InputBytes = 400 }, damaged, [random.Next(1, 60)]);
            var actual = reading.Source == UsageSource.Provider
                ? (reading.Usage.Input, reading.Usage.Output, reading.Usage.CachedInput, reading.Usage.Reasoning, reading.Events)
                : (-1, -1, -1, -1, reading.Events);
            Assert.True(expected == actual, $"round {i}: {actual} instead of {expected}: {Encoding.Latin1.GetString(damaged)}");
        }
        Assert.True(compared > 200, $"{compared} streams were comparable");
    }

    /// <summary>A fixed number of rounds with a fixed seed; or for as many minutes as are asked for, each round with a seed of its own, which is its number.</summary>
    private static IEnumerable<(int Round, Random Random)> Rounds(int count)
    {
        if (double.TryParse(Environment.GetEnvironmentVariable("EDGEGW_FUZZ_MINUTES"), CultureInfo.InvariantCulture, out var minutes))
        {
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started).TotalMinutes < minutes)
            {
                var seed = Random.Shared.Next();
                yield return (seed, new Random(seed));
            }
            yield break;
        }
        var random = new Random(Seed);
        for (var i = 0; i < count; i++)
        {
            yield return (i, random);
        }
    }

    private static byte[] Damage(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)(bytes[at] ^ (1 << random.Next(8)));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, Insertions[random.Next(Insertions.Length)]);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }

    private static MeterReading Meter(MeterOptions options, byte[] body, int[] lengths)
    {
        using var meter = new AnswerMeter();
        meter.Start(options);
        foreach (var piece in Pieces.Cut(body, lengths))
        {
            meter.Observe(piece);
        }
        return meter.Finish();
    }

    private static void AssertSane(MeterReading reading, int round)
    {
        var usage = reading.Usage;
        Assert.True(usage.Input >= 0 && usage.Output >= 0 && usage.CachedInput + usage.CacheWrite <= usage.Input, $"round {round}: {reading}");
        Assert.True(usage.Reasoning <= usage.Output && usage.AudioInput <= usage.Input && usage.ImageInput <= usage.Input, $"round {round}: {reading}");
        Assert.True(reading.Source != UsageSource.None || usage.IsEmpty, $"round {round}: {reading}");
    }

    /// <summary>Lines, events, a parsed document each. Null where an event is no proper JSON object: then nothing is agreed on.</summary>
    private static (long Input, long Output, long Cached, long Reasoning, int Events)? Oracle(byte[] answer)
    {
        var text = Encoding.Latin1.GetString(answer);
        // The meter guesses the form by the first byte that is neither white space nor part of a mark, and drops what stands before it.
        var body = text.TrimStart(' ', '\t', '\r', '\n', '\u00EF', '\u00BB', '\u00BF');
        if (body.Length == 0 || body[0] is '{' or '[' || text[..^body.Length].Any(static c => c is not ('\r' or '\n')))
        {
            return null;
        }
        var events = new List<string>();
        string? data = null;
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').Append(""))
        {
            var field = line.Split(':', 2);
            if (field[0] == "error")
            {
                return null;
            }
            if (line.Length == 0 && data is not null)
            {
                events.Add(data);
                data = null;
            }
            else if (field[0] == "data")
            {
                var value = field.Length < 2 ? "" : field[1].StartsWith(' ') ? field[1][1..] : field[1];
                data = data is null ? value : data + "\n" + value;
            }
        }
        (long, long, long, long) last = (-1, -1, -1, -1);
        foreach (var @event in events)
        {
            if (@event is "[DONE]" or "")
            {
                continue;
            }
            try
            {
                using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(@event));
                if (document.RootElement.ValueKind != JsonValueKind.Object || HasTwice(document.RootElement) || HasUsageInside(document.RootElement) || !TryUsage(document.RootElement, ref last))
                {
                    return null;
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, or JSON whose text is no UTF-8.
                return null;
            }
        }
        return (last.Item1, last.Item2, last.Item3, last.Item4, events.Count);
    }

    private static bool TryUsage(JsonElement root, ref (long, long, long, long) last)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        var (input, output) = (Count(usage, "prompt_tokens"), Count(usage, "completion_tokens"));
        if (input is null && output is null)
        {
            return !usage.TryGetProperty("total_tokens", out _);
        }
        var cached = Count(usage, "prompt_tokens_details", "cached_tokens") ?? Count(usage, "prompt_token_details", "cached_tokens") ?? 0;
        var reasoning = Count(usage, "completion_tokens_details", "reasoning_tokens") ?? Count(usage, "completion_token_details", "reasoning_tokens") ?? 0;
        var total = Count(usage, "total_tokens");
        if (new[] { input, output, cached, reasoning, total }.Any(static c => c is < 0 or > 1_000_000_000_000) || total == input + output + reasoning)
        {
            return false;
        }
        last = (input ?? 0, output ?? 0, Math.Min(cached, input ?? 0), Math.Min(reasoning, output ?? 0));
        return true;
    }

    /// <summary>A whole number at a path; out of all bounds when it is another one, so that the caller gives up; null when there is none.</summary>
    private static long? Count(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }
        return element.ValueKind != JsonValueKind.Number ? null : element.TryGetInt64(out var value) ? value : -1;
    }

    /// <summary>Some providers report inside a choice; which of two reports holds is tested elsewhere.</summary>
    private static bool HasUsageInside(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(static m => (m.Value.ValueKind == JsonValueKind.Object && m.Value.TryGetProperty("usage", out _)) || HasUsageInside(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(static e => (e.ValueKind == JsonValueKind.Object && e.TryGetProperty("usage", out _)) || HasUsageInside(e)),
        _ => false,
    };

    private static bool HasTwice(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(static m => m.Name).Distinct().Count() != element.EnumerateObject().Count()
            || element.EnumerateObject().Any(static m => HasTwice(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasTwice),
        _ => false,
    };
}
