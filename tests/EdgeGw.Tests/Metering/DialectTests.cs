using System.Text;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Metering;

public sealed class DialectTests
{
    [Fact]
    public void Cohere_bills_its_units_and_not_its_context()
    {
        var reading = Meter(Dialect.CohereChat, "cohere", """
            event: content-delta
            data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}}

            event: message-end
            data: {"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":44,"output_tokens":28,"search_units":2},"tokens":{"input_tokens":1476,"output_tokens":58,"reasoning_tokens":9},"cached_tokens":448}}}

            data: [DONE]

            """);
        Assert.Equal((new Usage { Input = 44, Output = 28, Reasoning = 9, SearchUnits = 2 }, true), (reading.Usage, reading.Complete));
    }

    [Fact]
    public void Cohere_lines_cut_before_the_last_are_not_complete_and_estimated()
    {
        var reading = Meter(Dialect.CohereChat, "cohere", "{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\"Ar\"}\n{\"is_finished\":false,\"text\":\"rr\"}\n");
        Assert.Equal((UsageSource.Estimated, 2, false), (reading.Source, reading.Usage.Output, reading.Complete));
    }

    [Fact]
    public void Cohere_error_has_its_text_where_an_answer_has_an_object()
    {
        Assert.Equal((UsageSource.None, "error"), Meter(Dialect.CohereChat, "cohere", "{\"id\":\"x\",\"message\":\"no such model\"}") is var r ? (r.Source, r.Error) : default);
    }

    [Fact]
    public void Ollama_counts_stand_in_the_last_line()
    {
        const string Line = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"word\"},\"done\":false}\n";
        const string Last = "{\"model\":\"m\",\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":16,\"eval_count\":22}\n";
        var whole = Meter(Dialect.Ollama, "ollama", Line + Line + Last);
        Assert.Equal((UsageSource.Provider, new Usage { Input = 16, Output = 22 }, true, 3), (whole.Source, whole.Usage, whole.Complete, whole.Events));
        var cut = Meter(Dialect.Ollama, "ollama", Line + Line);
        Assert.Equal((UsageSource.Estimated, 2, false), (cut.Source, cut.Usage.Output, cut.Complete));
        var failed = Meter(Dialect.Ollama, "ollama", Line + "{\"error\":\"out of memory\"}\n");
        Assert.Equal(("error", UsageSource.Estimated), (failed.Error, failed.Source));
    }

    [Fact]
    public void Ollama_prompt_from_its_cache_leaves_input_to_be_estimated()
    {
        var reading = Meter(Dialect.Ollama, "ollama", "{\"done\":true,\"done_reason\":\"stop\",\"response\":\"x\",\"eval_count\":5}", inputBytes: 400);
        Assert.Equal((UsageSource.Estimated, 100, 5), (reading.Source, reading.Usage.Input, reading.Usage.Output));
        Assert.Equal((UsageSource.Provider, true), Meter(Dialect.Ollama, "ollama", "{\"done\":true,\"done_reason\":\"load\"}", inputBytes: 400) is var r ? (r.Source, r.Usage.IsEmpty) : default);
    }

    [Fact]
    public void Interaction_counts_thoughts_and_tool_prompts_beside()
    {
        var reading = Meter(Dialect.Interactions, "gemini", """
            event: interaction.created
            data: {"interaction":{"id":"i","status":"in_progress"},"event_type":"interaction.created"}

            event: step.start
            data: {"index":0,"step":{"type":"google_search_call"},"event_type":"step.start"}

            event: interaction.completed
            data: {"interaction":{"id":"i","status":"completed","usage":{"total_input_tokens":22,"total_output_tokens":590,"total_tool_use_tokens":198,"total_thought_tokens":1173,"total_cached_tokens":7}},"event_type":"interaction.completed"}

            """);
        Assert.Equal(
            new Usage { Input = 220, CachedInput = 7, ToolInput = 198, Output = 1763, Reasoning = 1173, WebSearches = 1 }, reading.Usage);
        Assert.Equal(UsageSource.None, Meter(Dialect.Interactions, "gemini", "{\"id\":\"i\",\"status\":\"in_progress\"}", inputBytes: 9000).Source);
    }

    [Fact]
    public void Watsonx_adds_input_up_and_takes_the_last_output()
    {
        var reading = Meter(Dialect.Watsonx, "watsonx", """
            id: 1
            event: message
            data: {"model_id":"m","results":[{"generated_text":"","generated_token_count":0,"input_token_count":8,"stop_reason":"not_finished"}]}

            id: 2
            event: message
            data: {"results":[{"generated_text":"x","generated_token_count":11,"input_token_count":0,"stop_reason":"eos_token"}]}

            """);
        Assert.Equal((new Usage { Input = 8, Output = 11 }, true), (reading.Usage, reading.Complete));
    }

    [Theory]
    [InlineData("cohere", "{\"results\":[],\"meta\":{\"billed_units\":{\"search_units\":3}}}", 0, 3, UsageSource.Provider)]
    [InlineData("voyage", "{\"data\":[],\"usage\":{\"total_tokens\":12}}", 12, 0, UsageSource.Provider)]
    [InlineData("openrouter", "{\"results\":[],\"usage\":{\"cost\":0.001,\"search_units\":1}}", 0, 1, UsageSource.Estimated)]
    public void Rerank_is_counted_in_what_is_billed(string provider, string body, long input, long units, UsageSource source)
    {
        var reading = Meter(Dialect.Rerank, provider, body, inputBytes: 100);
        Assert.Equal((new Usage { Input = input, SearchUnits = units }, source), (reading.Usage, reading.Source));
        Assert.Equal(provider == "openrouter" ? new NanoUsd(1_000_000) : null, reading.ProviderCost);
    }

    [Fact]
    public void Images_are_counted_and_their_tokens_read()
    {
        var plain = Meter(Dialect.Images, "openai", "{\"created\":1,\"data\":[{\"b64_json\":\"QUJD\"},{\"url\":\"https://x\"}]}", inputBytes: 400);
        Assert.Equal((UsageSource.Estimated, new Usage { Images = 2 }), (plain.Source, plain.Usage));
        var tokens = Meter(
            Dialect.Images, "openai", "{\"data\":[{\"b64_json\":\"QUJD\"}],\"usage\":{\"input_tokens\":50,\"output_tokens\":1056,\"total_tokens\":1106,\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}}");
        Assert.Equal(new Usage { Input = 50, ImageInput = 40, Output = 1056, ImageOutput = 1056, Images = 1 }, tokens.Usage);
        var stream = Meter(Dialect.Images, "openai", """
            data: {"type":"image_generation.partial_image","b64_json":"QUJD"}

            data: {"type":"image_generation.completed","b64_json":"QUJD","usage":{"input_tokens":5,"output_tokens":9,"total_tokens":14}}

            """);
        Assert.Equal((5, 9, 1, true), (stream.Usage.Input, stream.Usage.Output, stream.Usage.Images, stream.Complete));
        var ticks = Meter(Dialect.Images, "xai", "{\"data\":[{\"url\":\"u\"}],\"usage\":{\"cost_in_usd_ticks\":700000000}}");
        Assert.Equal((UsageSource.Provider, new NanoUsd(70_000_000)), (ticks.Source, ticks.ProviderCost));
    }

    [Fact]
    public void Transcriptions_are_billed_by_token_or_second()
    {
        Assert.Equal(
            new Usage { Input = 37, AudioInput = 37, Output = 12 },
            Meter(Dialect.Transcriptions, "openai", "{\"text\":\"a\",\"usage\":{\"type\":\"tokens\",\"total_tokens\":49,\"input_tokens\":37,\"input_token_details\":{\"text_tokens\":0,\"audio_tokens\":37},\"output_tokens\":12}}").Usage);
        var seconds = Meter(Dialect.Transcriptions, "openai", "{\"text\":\"a\",\"usage\":{\"type\":\"duration\",\"seconds\":12.3}}");
        Assert.Equal((UsageSource.Provider, new Usage { Seconds = 13 }), (seconds.Source, seconds.Usage));
        var mistral = Meter(Dialect.Transcriptions, "mistral", "{\"usage\":{\"prompt_audio_seconds\":3,\"prompt_tokens\":5,\"total_tokens\":391,\"completion_tokens\":11,\"prompt_tokens_details\":{\"audio_tokens\":375}}}");
        Assert.Equal(new Usage { Input = 380, AudioInput = 375, Output = 11, Seconds = 3 }, mistral.Usage);
        var timed = Meter(Dialect.Transcriptions, "openai", "{\"text\":\"word\",\"duration\":3.7}", inputBytes: 1_000_000);
        Assert.Equal((UsageSource.Estimated, 4, 0), (timed.Source, timed.Usage.Seconds, timed.Usage.Input));
        var subtitles = Meter(Dialect.Transcriptions, "openai", "1\n00:00:00,000 --> 00:00:02,000\nHello\n", inputBytes: 8000);
        Assert.Equal((UsageSource.Estimated, 2), (subtitles.Source, subtitles.Usage.Seconds));
    }

    [Fact]
    public void Speech_is_sound_and_its_characters_are_bounded_by_the_request()
    {
        var sound = Meter(Dialect.Speech, "openai", "ID3\0\0 not json", inputBytes: 120);
        Assert.Equal((UsageSource.Estimated, 120), (sound.Source, sound.Usage.Characters));
        var stream = Meter(Dialect.Speech, "openai", "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,\"output_tokens\":101,\"total_tokens\":115}}\n\n");
        Assert.Equal((new Usage { Input = 14, Output = 101, AudioOutput = 101 }, true), (stream.Usage, stream.Complete));
    }

    [Fact]
    public void Embedded_images_stand_beside_embedded_text()
    {
        Assert.Equal(
            new Usage { Input = 107, ImageInput = 100 }, Meter(Dialect.Embeddings, "cohere", "{\"meta\":{\"billed_units\":{\"input_tokens\":7,\"image_tokens\":100}}}").Usage);
        Assert.Equal(
            new Usage { Input = 9, Characters = 12 },
            Meter(Dialect.Embeddings, "vertex", "{\"metadata\":{\"billableCharacterCount\":12},\"predictions\":[{\"embeddings\":{\"statistics\":{\"token_count\":4}}},{\"embeddings\":{\"statistics\":{\"token_count\":5}}}]}").Usage);
    }

    [Fact]
    public void Workers_ai_wraps_its_answer()
    {
        Assert.Equal((3, 4), Meter(Dialect.WorkersAi, "workers-ai", "{\"result\":{\"response\":\"hi\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}},\"success\":true,\"errors\":[]}") is var r
            ? (r.Usage.Input, r.Usage.Output) : default);
        Assert.Equal("10000", Meter(Dialect.WorkersAi, "workers-ai", "{\"result\":null,\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"m\"}]}").Error);
        Assert.Equal((3, 4), Meter(Dialect.WorkersAi, "workers-ai", "data: {\"response\":\"hi\",\"p\":\"abc\"}\n\ndata: {\"response\":\"\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\ndata: [DONE]\n\n") is var s
            ? (s.Usage.Input, s.Usage.Output) : default);
    }

    [Fact]
    public void Pages_read_are_counted()
    {
        Assert.Equal(new Usage { Pages = 3 }, Meter(Dialect.Ocr, "mistral", "{\"pages\":[],\"model\":\"m\",\"usage_info\":{\"pages_processed\":3,\"doc_size_bytes\":99}}").Usage);
    }

    [Fact]
    public void Models_behind_a_compound_answer_are_added_up()
    {
        var reading = Meter(
            Dialect.ChatCompletions, "groq",
            "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1},\"usage_breakdown\":{\"models\":[{\"model\":\"a\",\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":3}},{\"model\":\"b\",\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":6}}}]}}");
        Assert.Equal(new Usage { Input = 50, CachedInput = 6, Output = 7 }, reading.Usage);
    }

    [Fact]
    public void Legacy_complete_is_estimated_from_its_text()
    {
        var reading = Meter(Dialect.AnthropicComplete, "anthropic", "event: completion\r\ndata: {\"completion\":\" four five\",\"stop_reason\":null,\"model\":\"claude-2.1\"}\r\n\r\nevent: completion\r\ndata: {\"completion\":\"\",\"stop_reason\":\"stop_sequence\"}\r\n\r\n");
        Assert.Equal((UsageSource.Estimated, 3, true, "claude-2.1"), (reading.Source, reading.Usage.Output, reading.Complete, reading.Model));
    }

    [Theory]
    [InlineData("queued", AnswerState.Pending)]
    [InlineData("in_progress", AnswerState.Pending)]
    [InlineData("completed", AnswerState.Ended)]
    [InlineData("incomplete", AnswerState.Ended)]
    [InlineData("requires_action", AnswerState.Ended)]
    [InlineData("failed", AnswerState.Failed)]
    [InlineData("cancelled", AnswerState.Cancelled)]
    public void Background_answer_says_how_far_it_has_come(string status, AnswerState state)
    {
        foreach (var dialect in (Dialect[])[Dialect.Responses, Dialect.Interactions])
        {
            var reading = Meter(dialect, "openai", $$"""{"id":"x_1","status":"{{status}}","error":null,"output":[{"status":"completed"}]}""");
            Assert.Equal((state, true, "x_1", default), (reading.State, reading.Complete, reading.ResponseId, reading.Usage));
        }
        Assert.Equal(AnswerState.Unknown, Meter(Dialect.ChatCompletions, "openai", $$"""{"status":"{{status}}"}""").State);
    }

    [Fact]
    public void Background_stream_is_pending_until_its_last_event()
    {
        const string Queued = "data: {\"type\":\"response.queued\",\"response\":{\"id\":\"resp_1\",\"status\":\"queued\"}}\n\n";
        const string Delta = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n";
        const string Last = "data: {\"type\":\"response.incomplete\",\"response\":{\"id\":\"resp_1\",\"status\":\"incomplete\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}}\n\n";
        var cut = Meter(Dialect.Responses, "openai", Queued + Delta);
        Assert.Equal((AnswerState.Pending, false, "resp_1"), (cut.State, cut.Complete, cut.ResponseId));
        // Read again from the middle: only the last event names the answer.
        var resumed = Meter(Dialect.Responses, "openai", Delta + Last);
        Assert.Equal((AnswerState.Ended, true, "resp_1", 4), (resumed.State, resumed.Complete, resumed.ResponseId, resumed.Usage.Output));
    }

    private static MeterReading Meter(Dialect dialect, string provider, string body, long inputBytes = 0)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = provider, InputBytes = inputBytes });
        foreach (var b in Encoding.UTF8.GetBytes(body))
        {
            meter.Observe([b]);
        }
        return meter.Finish();
    }
}
