using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Tests.Metering;

public sealed class BedrockTests
{
    private static readonly byte[] Delta = Frames.Event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"four five\"},\"p\":\"abc\"}");
    private static readonly byte[] Stop = Frames.Event("messageStop", "{\"stopReason\":\"end_turn\"}");
    private static readonly byte[] Metadata = Frames.Event("metadata", "{\"usage\":{\"inputTokens\":10,\"outputTokens\":4,\"totalTokens\":14},\"serviceTier\":{\"type\":\"flex\"}}");

    [Fact]
    public void Usage_behind_the_stop_is_read()
    {
        var reading = Meter(Dialect.Converse, [.. Delta, .. Stop, .. Metadata]);
        Assert.Equal((UsageSource.Provider, new Usage { Input = 10, Output = 4 }, true, 3), (reading.Source, reading.Usage, reading.Complete, reading.Events));
        Assert.Equal("flex", reading.Terms.Tier);
    }

    [Fact]
    public void Usage_in_a_damaged_frame_does_not_count_and_the_damage_is_named()
    {
        byte[] damaged = [.. Metadata];
        damaged[^20] ^= 1;
        var reading = Meter(Dialect.Converse, [.. Delta, .. Stop, .. damaged], inputBytes: 40);
        Assert.Equal((UsageSource.Estimated, "crc_mismatch", 10, 3), (reading.Source, reading.Error, reading.Usage.Input, reading.Usage.Output));
    }

    [Fact]
    public void Frames_out_of_step_end_the_reading_and_are_named()
    {
        byte[] damaged = [.. Delta];
        damaged[2] ^= 1;
        var reading = Meter(Dialect.Converse, [.. Delta, .. damaged, .. Metadata]);
        Assert.Equal((UsageSource.Estimated, "bad_frame", false), (reading.Source, reading.Error, reading.Complete));
    }

    [Fact]
    public void Exception_frame_is_named()
    {
        var reading = Meter(Dialect.Converse, [.. Delta, .. Frames.Exception("throttlingException", "{\"message\":\"secret\"}")]);
        Assert.Equal((UsageSource.Estimated, "throttlingException", false), (reading.Source, reading.Error, reading.Complete));
    }

    [Theory]
    [InlineData("\"inputTokens\":3,\"cacheReadInputTokens\":20,\"cacheReadInputTokenCount\":20,\"cacheWriteInputTokens\":5,\"cacheWriteInputTokenCount\":5,\"outputTokens\":2")]
    [InlineData("\"inputTokens\":3,\"cacheReadInputTokenCount\":20,\"cacheWriteInputTokenCount\":5,\"outputTokens\":2")]
    public void Cache_counts_under_two_names_count_once(string usage)
    {
        var expected = new Usage { Input = 28, CachedInput = 20, CacheWrite = 5, Output = 2 };
        Assert.Equal(expected, Meter(Dialect.Converse, $"{{\"usage\":{{{usage}}}}}").Usage);
        Assert.Equal(expected, Meter(Dialect.InvokeModel, $"{{\"usage\":{{{usage}}}}}").Usage);
    }

    [Fact]
    public void Writes_for_an_hour_are_told_apart()
    {
        var usage = Meter(
            Dialect.Converse,
            "{\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"cacheWriteInputTokens\":9,\"cacheDetails\":[{\"ttl\":\"5m\",\"inputTokens\":4},{\"inputTokens\":5,\"ttl\":\"1h\"}]}}").Usage;
        Assert.Equal((12, 9, 5), (usage.Input, usage.CacheWrite, usage.CacheWrite1h));
    }

    [Theory]
    // Claude 2: nothing in the body.
    [InlineData("{\"completion\":\" hi\",\"stop_reason\":\"stop_sequence\"}", 23, 32, 0)]
    // A guardrail that rewrote the answer leaves output out of the body.
    [InlineData("{\"content\":[{\"type\":\"text\",\"text\":\"blocked\"}],\"usage\":{\"input_tokens\":7}}", 7, 32, 0)]
    // The body's own word wins.
    [InlineData("{\"generation\":\"x\",\"prompt_token_count\":9,\"generation_token_count\":5,\"stop_reason\":\"stop\"}", 9, 5, 0)]
    [InlineData("{\"inputTextTokenCount\":5,\"results\":[{\"tokenCount\":10,\"outputText\":\"a\"},{\"tokenCount\":2,\"outputText\":\"b\"}]}", 5, 12, 0)]
    // Cache inside the prompt, as in OpenAI's dialect.
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":20}}}", 30, 4, 20)]
    [InlineData("{\"outputs\":[{\"text\":\"Mistral\",\"stop_reason\":\"stop\"}]}", 23, 32, 0)]
    public void Headers_count_only_where_the_body_does_not(string body, long input, long output, long cached)
    {
        var headers = default(HeaderCounts).With("X-Amzn-Bedrock-Input-Token-Count", "23").With("x-amzn-bedrock-output-token-count", " 32 ").With("x-amzn-requestid", "1");
        var reading = Meter(Dialect.InvokeModel, body, headers);
        Assert.Equal((UsageSource.Provider, new Usage { Input = input, Output = output, CachedInput = cached }), (reading.Source, reading.Usage));
    }

    [Fact]
    public void Cache_in_headers_stands_beside_the_input()
    {
        var headers = new HeaderCounts { Input = 4, Output = 2, CacheRead = 100, CacheWrite = 30 };
        Assert.Equal(
            new Usage { Input = 134, CachedInput = 100, CacheWrite = 30, Output = 2 }, Meter(Dialect.InvokeModel, "{\"completion\":\"x\"}", headers).Usage);
    }

    [Fact]
    public void Embedding_has_no_output_to_estimate()
    {
        var reading = Meter(Dialect.InvokeModel, "{\"embedding\":[0.1,0.2],\"inputTextTokenCount\":6}");
        Assert.Equal((UsageSource.Provider, new Usage { Input = 6 }), (reading.Source, reading.Usage));
    }

    [Fact]
    public void Host_count_never_replaces_the_models_own()
    {
        var reading = Meter(Dialect.InvokeModel, [
            .. Frames.Chunk("{\"type\":\"message_start\",\"message\":{\"model\":\"claude\",\"usage\":{\"input_tokens\":392,\"output_tokens\":8}}}"),
            .. Frames.Chunk("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":133}}"),
            .. Frames.Chunk("{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":392,\"outputTokenCount\":97}}"),
        ]);
        Assert.Equal((392, 133, "claude", true), (reading.Usage.Input, reading.Usage.Output, reading.Model, reading.Complete));
    }

    [Fact]
    public void Host_count_replaces_a_placeholder()
    {
        var reading = Meter(Dialect.InvokeModel, [
            .. Frames.Chunk("{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":392,\"output_tokens\":8}}}"),
            .. Frames.Chunk("{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":392,\"outputTokenCount\":97}}"),
        ]);
        Assert.Equal((UsageSource.Provider, 392, 97), (reading.Source, reading.Usage.Input, reading.Usage.Output));
    }

    [Fact]
    public void Placeholder_of_a_cut_stream_is_never_billed()
    {
        var reading = Meter(Dialect.InvokeModel, [
            .. Frames.Chunk("{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":392,\"output_tokens\":1}}}"),
            .. Frames.Chunk("{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"some words of text, and more\"}}"),
        ]);
        Assert.Equal((UsageSource.Estimated, 392, 7, false), (reading.Source, reading.Usage.Input, reading.Usage.Output, reading.Complete));
    }

    [Fact]
    public void Error_body_is_an_error()
    {
        Assert.Equal("error", Meter(Dialect.InvokeModel, "{\"message\":\"The provided model identifier is invalid.\"}").Error);
        Assert.Equal(UsageSource.None, Meter(Dialect.Converse, "{\"message\":\"x\"}").Source);
    }

    private static MeterReading Meter(Dialect dialect, string body, HeaderCounts headers = default) => Meter(dialect, Encoding.UTF8.GetBytes(body), headers);

    private static MeterReading Meter(Dialect dialect, byte[] body, HeaderCounts headers = default, long inputBytes = 0)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = "bedrock", HeaderCounts = headers, InputBytes = inputBytes });
        foreach (var b in body)
        {
            meter.Observe([b]);
        }
        return meter.Finish();
    }
}
