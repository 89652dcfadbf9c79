using System.Text;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Metering;

public sealed class AnswerMeterTests
{
    private const string Start =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"model\":\"claude-x\",\"usage\":{\"input_tokens\":20,\"output_tokens\":1}}}\n\n";

    private const string Chunk = "data: {\"id\":\"c\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"four five\"},\"finish_reason\":null}]}\n\n";

    [Fact]
    public void Cut_messages_stream_never_bills_the_placeholder()
    {
        var delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"some words of text\"}}\n\n";
        var reading = Meter(Dialect.Messages, "anthropic", Start + string.Concat(Enumerable.Repeat(delta, 806)));
        Assert.Equal(UsageSource.Estimated, reading.Source);
        Assert.Equal(20, reading.Usage.Input);
        Assert.True(reading.Usage.Output >= 806);
        Assert.False(reading.Complete);
    }

    [Fact]
    public void Progress_is_the_providers_input_and_an_estimate_of_the_output_until_it_reports_that_too()
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.Messages, Provider = "anthropic", Stream = true });
        Assert.Equal((null, 0L), meter.Progress());
        meter.Observe(Encoding.UTF8.GetBytes(Start));
        Assert.Equal((20L, 1L), meter.Progress());
        for (var i = 0; i < 100; i++)
        {
            meter.Observe("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"some words of text\"}}\n\n"u8);
        }
        Assert.Equal((20L, 450L), meter.Progress());
        Assert.Equal((1800L, 1L, true), (meter.TextBytes, meter.ReportedOutput, meter.IsBetweenEvents));
        meter.Observe("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":400}}\n\nevent"u8);
        Assert.Equal((20L, 400L), meter.Progress());
        Assert.Equal((400L, false), (meter.ReportedOutput, meter.IsBetweenEvents));
    }

    [Fact]
    public void Error_before_anything_was_delivered_bills_nothing()
    {
        var reading = Meter(
            Dialect.Messages, "anthropic", Start + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n", inputBytes: 9000);
        Assert.Equal((UsageSource.None, default(Usage), "overloaded_error"), (reading.Source, reading.Usage, reading.Error));
    }

    [Fact]
    public void Message_delta_lays_over_the_start_and_keeps_its_split_of_cache_writes()
    {
        var reading = Meter(Dialect.Messages, "anthropic", """
            data: {"type":"message_start","message":{"usage":{"input_tokens":2049,"cache_creation_input_tokens":30,"cache_read_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":3}}}

            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":13520,"output_tokens":80,"server_tool_use":{"web_search_requests":2}}}

            data: {"type":"message_stop"}

            """);
        Assert.Equal(
            new Usage { Input = 13555, CachedInput = 5, CacheWrite = 30, CacheWrite1h = 20, Output = 80, WebSearches = 2 }, reading.Usage);
        Assert.True(reading.Complete);
    }

    [Fact]
    public void Cut_chat_stream_is_estimated_from_what_passed()
    {
        var reading = Meter(Dialect.ChatCompletions, "openai", Chunk + Chunk + "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"cont", inputBytes: 400);
        Assert.Equal(UsageSource.Estimated, reading.Source);
        Assert.Equal((100, 5), (reading.Usage.Input, reading.Usage.Output));
        Assert.Equal((18, 2, false), (reading.Text.Bytes, reading.Text.Deltas, reading.Complete));
    }

    [Fact]
    public void Usage_inside_text_or_tool_arguments_does_not_count()
    {
        var reading = Meter(Dialect.ChatCompletions, "openai", """
            data: {"choices":[{"delta":{"content":"\"usage\":{\"prompt_tokens\":999}"}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"usage\":{\"prompt_tokens\":999,\"completion_tokens\":1}}"}}]}}]}

            data: {"choices":[{"delta":{"provider_metadata":{"usage":{"prompt_tokens":999,"completion_tokens":9}},"x":{"usage":{"prompt_tokens":998}}}}]}

            data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

            data: [DONE]

            """);
        Assert.Equal((7, 2), (reading.Usage.Input, reading.Usage.Output));
    }

    [Fact]
    public void Terminator_and_final_usage_are_the_end()
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai", Stream = true });
        meter.Observe(Encoding.UTF8.GetBytes(Chunk));
        Assert.False(meter.ReachedEnd);
        meter.Observe("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"u8);
        Assert.False(meter.ReachedEnd);
        meter.Observe("data: [DO"u8);
        meter.Observe("NE]\n\n"u8);
        Assert.True(meter.ReachedEnd);
        Assert.True(meter.Finish().Complete);
    }

    [Fact]
    public void Azure_first_chunk_without_model_does_not_name_it()
    {
        var reading = Meter(
            Dialect.ChatCompletions, "azure-openai", "data: {\"id\":\"\",\"model\":\"\",\"created\":0,\"choices\":[],\"prompt_filter_results\":[]}\n\n" + Chunk);
        Assert.Equal(("gpt-x", "c"), (reading.Model, reading.ResponseId));
    }

    [Fact]
    public void Error_with_usage_in_the_same_chunk_is_both()
    {
        var reading = Meter(Dialect.ChatCompletions, "openrouter", """
            : OPENROUTER PROCESSING

            data: {"model":"a/b","choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"secret text"},"usage":{"prompt_tokens":5,"completion_tokens":1,"cost":0.00002}}

            data: [DONE]

            """);
        Assert.Equal((UsageSource.Provider, "502", 5), (reading.Source, reading.Error, reading.Usage.Input));
        Assert.Equal(new NanoUsd(20_000), reading.ProviderCost);
    }

    [Fact]
    public void Error_field_line_of_llama_cpp_is_seen()
    {
        var reading = Meter(Dialect.ChatCompletions, "llama.cpp", "error: {\"code\":500,\"message\":\"m\",\"type\":\"server_error\"}\n\n");
        Assert.Equal(("server_error", UsageSource.None), (reading.Error, reading.Source));
    }

    [Theory]
    [InlineData("{\"code\":\"bad thing\\u0000<script>\",\"error\":\"text\"}", "bad_thing_u0000_script_")]
    [InlineData("{\"object\":\"error\",\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":3051}", "invalid_request_error")]
    [InlineData("{\"detail\":[{\"loc\":[],\"msg\":\"x\"}]}", "error")]
    [InlineData("{\"error\":null,\"choices\":[]}", null)]
    public void Errors_in_bodies_are_named_by_type_or_code(string body, string? expected)
    {
        Assert.Equal(expected, Meter(Dialect.ChatCompletions, "xai", body, stream: false).Error);
    }

    [Fact]
    public void Json_on_a_stream_request_and_events_on_a_plain_one_are_recognised()
    {
        var json = Meter(Dialect.ChatCompletions, "deepseek", "\n\n\r\n {\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}", stream: true);
        var sse = Meter(Dialect.ChatCompletions, "openai", "\uFEFFdata:{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}", stream: false);
        Assert.Equal((3, 4, 1), (json.Usage.Input, json.Usage.Output, json.Events));
        Assert.Equal((3, 4, 1), (sse.Usage.Input, sse.Usage.Output, sse.Events));
    }

    [Fact]
    public void Gemini_array_reports_the_last_counts_and_its_end()
    {
        const string Array = "[{\"usageMetadata\":{\"promptTokenCount\":145,\"candidatesTokenCount\":7}}\n,\r\n{\"usageMetadata\":{\"promptTokenCount\":85,\"totalTokenCount\":90}}\n]";
        var whole = Meter(Dialect.Gemini, "gemini", Array);
        Assert.Equal((85, 0, true, 2), (whole.Usage.Input, whole.Usage.Output, whole.Complete, whole.Events));
        Assert.False(Meter(Dialect.Gemini, "gemini", Array[..^1]).Complete);
    }

    [Fact]
    public void Gemini_output_without_a_prompt_count_is_half_an_estimate()
    {
        var reading = Meter(
            Dialect.Gemini, "gemini", "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"candidatesTokenCount\":23,\"thoughtsTokenCount\":67}}\r\n\r\n",
            inputBytes: 400);
        Assert.Equal((UsageSource.Estimated, new Usage { Input = 100, Output = 90, Reasoning = 67 }), (reading.Source, reading.Usage));
    }

    [Fact]
    public void Reasoning_beside_completion_is_recognised_by_the_total_on_any_host()
    {
        var reading = Meter(
            Dialect.ChatCompletions, "some-host", "{\"usage\":{\"prompt_tokens\":291,\"completion_tokens\":26,\"total_tokens\":513,\"completion_tokens_details\":{\"reasoning_tokens\":196}}}", stream: false);
        Assert.Equal(new Usage { Input = 291, Output = 222, Reasoning = 196 }, reading.Usage);
    }

    [Fact]
    public void Background_response_bills_nothing_yet()
    {
        var reading = Meter(Dialect.Responses, "openai", "{\"id\":\"r1\",\"status\":\"queued\",\"usage\":null,\"output\":[]}", stream: false, inputBytes: 5000);
        Assert.Equal((UsageSource.None, "r1"), (reading.Source, reading.ResponseId));
    }

    [Fact]
    public void Failed_response_names_its_error_and_bills_what_it_reports()
    {
        var reading = Meter(Dialect.Responses, "openai", """
            event: error
            data: {"type":"error","code":"server_error","message":"m","sequence_number":3}

            event: response.failed
            data: {"type":"response.failed","response":{"id":"r","status":"failed","error":{"code":"server_error","message":"m"},"usage":null}}

            """);
        Assert.Equal(("server_error", UsageSource.None, true), (reading.Error, reading.Source, reading.Complete));
    }

    [Fact]
    public void Ten_megabytes_in_one_event_are_metered_without_keeping_them()
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.Responses, Provider = "openai", Stream = true });
        var image = Encoding.UTF8.GetBytes(new string('A', 64 << 10));
        meter.Observe("data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"image_generation_call\",\"result\":\""u8);
        meter.Observe(image);
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 160 / Allocations.Runs; i++)
            {
                meter.Observe(image);
            }
        }));
        meter.Observe("\"}],\"usage\":{\"input_tokens\":11,\"output_tokens\":12,\"output_tokens_details\":{\"reasoning_tokens\":5}}}}\n\n"u8);
        Assert.Equal(new Usage { Input = 11, Output = 12, Reasoning = 5 }, meter.Finish().Usage);
    }

    public static TheoryData<Dialect, byte[]> Events => new()
    {
        { Dialect.ChatCompletions, Encoding.UTF8.GetBytes(Chunk) },
        { Dialect.Messages, Encoding.UTF8.GetBytes(Start) },
        { Dialect.Gemini, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}],\"usageMetadata\":{\"promptTokenCount\":5,\"totalTokenCount\":6}}\r\n\r\n"u8.ToArray() },
        { Dialect.Responses, "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"word\",\"sequence_number\":4,\"logprobs\":[]}\n\n"u8.ToArray() },
        { Dialect.Converse, Frames.Event("metadata", "{\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"cacheReadInputTokens\":3},\"delta\":{\"text\":\"x\"}}") },
        { Dialect.InvokeModel, Frames.Chunk("{\"generation\":\"x\",\"prompt_token_count\":3,\"generation_token_count\":4,\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3}}") },
        { Dialect.CohereChat, "data: {\"type\":\"content-delta\",\"delta\":{\"message\":{\"content\":{\"text\":\"x\"}},\"usage\":{\"billed_units\":{\"input_tokens\":3,\"output_tokens\":2.0}}}}\n\n"u8.ToArray() },
        { Dialect.Ollama, "{\"model\":\"m\",\"created_at\":\"2026-07-30T14:17:34Z\",\"message\":{\"role\":\"assistant\",\"content\":\"word\"},\"eval_count\":3,\"done\":false}\n"u8.ToArray() },
        { Dialect.Interactions, "data: {\"index\":0,\"delta\":{\"text\":\"x\"},\"event_type\":\"step.delta\",\"metadata\":{\"usage\":{\"total_input_tokens\":3,\"total_tokens\":4}}}\n\n"u8.ToArray() },
        { Dialect.Watsonx, "data: {\"results\":[{\"generated_text\":\" sky\",\"generated_token_count\":10,\"input_token_count\":0,\"stop_reason\":\"not_finished\"}]}\n\n"u8.ToArray() },
        { Dialect.Transcriptions, "data: {\"type\":\"transcript.text.delta\",\"delta\":\"Ruby\",\"usage\":{\"type\":\"duration\",\"seconds\":2.5}}\r\n\r\n                        "u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void Observing_allocates_nothing(Dialect dialect, byte[] events)
    {
        using var meter = new AnswerMeter();
        byte[] bytes = [.. events, .. events];
        var options = new MeterOptions { Dialect = dialect, Provider = "openai", Stream = true };
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            meter.Start(options);
            for (var i = 0; i < 1000; i++)
            {
                meter.Observe(bytes.AsSpan(0, 100));
                meter.Observe(bytes.AsSpan(100));
            }
            meter.Finish();
        }));
    }

    [Fact]
    public void Absurd_numbers_are_bounded()
    {
        var reading = Meter(
            Dialect.ChatCompletions, "openrouter",
            "{\"usage\":{\"prompt_tokens\":99999999999999999999999,\"completion_tokens\":-5,\"cost\":1e300,\"prompt_tokens_details\":{\"cached_tokens\":1e99}}}", stream: false);
        Assert.InRange(reading.Usage.Input, 0, 1_000_000_000_000);
        Assert.Equal(0, reading.Usage.Output);
    }

    private static MeterReading Meter(Dialect dialect, string provider, string body, bool stream = true, long inputBytes = 0)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = provider, Stream = stream, InputBytes = inputBytes });
        meter.Observe(Encoding.UTF8.GetBytes(body));
        return meter.Finish();
    }

    [Theory]
    [InlineData(Dialect.ChatCompletions)]
    [InlineData(Dialect.Responses)]
    [InlineData(Dialect.Messages)]
    [InlineData(Dialect.Gemini)]
    [InlineData(Dialect.InvokeModel)]
    public void Meter_of_one_stream_takes_at_most_16_KiB(Dialect dialect)
    {
        var estimator = new UsageEstimator();
        using (var warm = new AnswerMeter(estimator))
        {
            warm.Start(new MeterOptions { Dialect = dialect, Provider = "openai", Stream = true });
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var meter = new AnswerMeter(estimator);
        meter.Start(new MeterOptions { Dialect = dialect, Provider = "openai", Stream = true });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16 << 10);
        meter.Dispose();
    }

    [Fact]
    public void Answer_read_from_storage_teaches_nothing()
    {
        var estimator = new UsageEstimator();
        using var meter = new AnswerMeter(estimator);
        foreach (var stored in (bool[])[true, false])
        {
            meter.Start(new MeterOptions { Dialect = Dialect.Responses, Provider = "openai", IsStored = stored });
            meter.Observe("""{"id":"r","status":"completed","model":"m","output":[{"content":[{"text":"about forty bytes of text in one answer"}]}],"usage":{"input_tokens":50,"output_tokens":20}}"""u8);
            Assert.Equal(20, meter.Finish().Usage.Output);
            Assert.Equal(stored ? 0 : 1, estimator.Snapshot().Count);
        }
    }
}
