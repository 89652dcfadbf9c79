using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Tests.Metering;

/// <summary>Answers that no honest provider sends: nothing may throw, grow, or count wrongly without a mark.</summary>
public sealed class HostileAnswerTests
{
    public static TheoryData<Dialect> Dialects => new(Enum.GetValues<Dialect>().Where(static d => d != Dialect.Opaque));

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Garbage_of_every_kind_is_survived_with_bounded_memory(Dialect dialect)
    {
        using var meter = new AnswerMeter();
        byte[][] pieces =
        [
            [0xFF, 0xFE, 0xC0, 0x80, 0xED, 0xA0, 0x80], new byte[4096], Encoding.ASCII.GetBytes(new string('[', 4096)), Encoding.ASCII.GetBytes(new string('{', 4096)),
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"usage\":", 400))), "data: {\"a\":\""u8.ToArray(), Encoding.ASCII.GetBytes(new string('\\', 4095)),
            Encoding.ASCII.GetBytes(new string('1', 4096)), "\"\n\n"u8.ToArray(), Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("data:\n\n", 600))),
        ];
        foreach (var prefix in (byte[][])[[], "{"u8.ToArray(), "["u8.ToArray(), "data: {\"usage\":{\"x\":"u8.ToArray(), Frames.Chunk("{"), [0, 0, 0, 16]])
        {
            var options = new MeterOptions { Dialect = dialect, Provider = "some", InputBytes = 100 };
            var source = UsageSource.None;
            // One short text of each answer at most, and nothing of a piece.
            Assert.InRange(Allocations.OfEach(() =>
            {
                meter.Start(options);
                meter.Observe(prefix);
                foreach (var piece in pieces)
                {
                    for (var i = 0; i < 4; i++)
                    {
                        meter.Observe(piece);
                    }
                }
                source = meter.Finish().Source;
            }), 0, 64);
            Assert.NotEqual(UsageSource.Provider, source);
        }
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("-0.5")]
    [InlineData("99999999999999999999999")]
    [InlineData("9223372036854775808")]
    [InlineData("1000000000001")]
    [InlineData("1e300")]
    [InlineData("1e99999999")]
    public void Impossible_count_is_not_believed(string count)
    {
        var reading = Chat($"\"prompt_tokens\":10,\"completion_tokens\":{count}");
        Assert.Equal((UsageSource.Estimated, 100, 2), (reading.Source, reading.Usage.Input, reading.Usage.Output));
        reading = Chat($"\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{{\"cached_tokens\":{count}}}");
        Assert.Equal((UsageSource.Estimated, 0), (reading.Source, reading.Usage.CachedInput));
    }

    [Theory]
    [InlineData("7.0", 7, UsageSource.Provider)]
    [InlineData("1e1", 10, UsageSource.Provider)]
    [InlineData("7.2", 8, UsageSource.Estimated)]
    [InlineData("\"7\"", 0, UsageSource.Provider)]
    [InlineData("null", 0, UsageSource.Provider)]
    public void Fractional_count_is_rounded_up_and_marked(string count, long expected, UsageSource source)
    {
        var reading = Chat($"\"prompt_tokens\":10,\"completion_tokens\":{count}");
        Assert.Equal((source, expected), (reading.Source, reading.Usage.Output));
    }

    [Fact]
    public void Price_beyond_reason_is_left_to_the_catalogue()
    {
        foreach (var cost in (string[])["-1", "1e300", "1e28", "\"1\""])
        {
            Assert.Null(Chat($"\"prompt_tokens\":10,\"completion_tokens\":5,\"cost\":{cost}", "openrouter").ProviderCost);
        }
    }

    [Fact]
    public void Hundred_thousand_empty_events_are_counted_and_cost_nothing()
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai" });
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 100_000 / Allocations.Runs; i++)
            {
                meter.Observe("data:\n\n"u8);
            }
        }));
        meter.Observe("data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n"u8);
        var reading = meter.Finish();
        Assert.Equal((100_001, 7, 2), (reading.Events, reading.Usage.Input, reading.Usage.Output));
    }

    [Fact]
    public void Ten_megabyte_line_hides_nothing_behind_it()
    {
        using var meter = new AnswerMeter();
        foreach (var lead in (string[])[": ", "data: {\"choices\":[{\"delta\":{\"x\":\"", "unknown: ", "data: {\"choices\":[{\"delta\":{\"content\":\""])
        {
            meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai" });
            meter.Observe(Encoding.ASCII.GetBytes(lead));
            var line = Encoding.ASCII.GetBytes(new string('y', 64 << 10));
            for (var i = 0; i < 160; i++)
            {
                meter.Observe(line);
            }
            meter.Observe("\n\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n"u8);
            var reading = meter.Finish();
            Assert.Equal((UsageSource.Provider, 7, 2), (reading.Source, reading.Usage.Input, reading.Usage.Output));
        }
    }

    [Fact]
    public void Depth_bomb_in_front_of_the_usage_does_not_hide_it()
    {
        var bomb = new string('[', 200_000) + new string(']', 200_000);
        var reading = Meter(Dialect.ChatCompletions, "openai", $"{{\"choices\":{bomb},\"x\":{bomb},\"usage\":{{\"deep\":{bomb},\"prompt_tokens\":7,\"completion_tokens\":2}}}}");
        Assert.Equal((UsageSource.Provider, 7, 2), (reading.Source, reading.Usage.Input, reading.Usage.Output));
    }

    [Fact]
    public void Invalid_text_and_zero_bytes_in_front_of_the_usage_do_not_hide_it()
    {
        byte[] body = [.. "{\"choices\":[{\"message\":{\"content\":\""u8, 0xFF, 0, 0xC3, .. "\"}}],\"model\":\""u8, 0xFF, 0, .. "\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}"u8];
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai" });
        meter.Observe(body);
        var reading = meter.Finish();
        Assert.Equal((UsageSource.Provider, 7, 2, "\uFFFD?"), (reading.Source, reading.Usage.Input, reading.Usage.Output, reading.Model));
    }

    private static MeterReading Chat(string usage, string provider = "openai") =>
        Meter(Dialect.ChatCompletions, provider, $"{{\"choices\":[{{\"message\":{{\"content\":\"four 55\"}}}}],\"usage\":{{{usage}}}}}");

    private static MeterReading Meter(Dialect dialect, string provider, string body)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = provider, InputBytes = 400 });
        meter.Observe(Encoding.UTF8.GetBytes(body));
        return meter.Finish();
    }
}
