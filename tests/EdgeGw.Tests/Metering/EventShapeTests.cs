using System.Text;
using EdgeGw.Metering;
using EdgeGw.Metering.Dialects;
using EdgeGw.Metering.Shapes;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

/// <summary>Events read by their known form must leave no other trace than events that are parsed: a reading byte by byte, which never meets a whole event, is the oracle.</summary>
public sealed class EventShapeTests
{
    private static readonly string[] Events =
    [
        """data: {"id":"c1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"content":"WORD"},"finish_reason":null}],"usage":null,"obfuscation":"PAD"}""",
        """data: {"id":"c1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"WORD"}}]},"finish_reason":null}]}""",
        """data: {"id":"c1","model":"m-1","choices":[],"usage":{"prompt_tokens":NUM,"completion_tokens":NUM,"total_tokens":NUM,"prompt_tokens_details":{"cached_tokens":3}}}""",
        """data: {"id":"c1","model":"m-2","created":NUM,"choices":[{"delta":{"content":"WORD"},"finish_reason":"stop"}]}""",
        ": comment PAD",
        "data: [DONE]",
        """data: {"error":{"message":"PAD","type":"overloaded","code":NUM}}""",
        "event: ping\ndata: {\"type\":\"ping\"}",
        "data: {\"a\":\ndata: \"WORD\"}",
        """data: {"choices":[{"delta":{"content":"WORD"},"seed":NUM,"x":{"y":["PAD",NUM,{"z":"PAD"}]}}]}   """,
    ];

    private static readonly string[] Words = ["", " a", " longer text", "\\n", "\\\"quoted\\\"", "\\\\", " Grüße", "\\u00e9", "{\\\"usage\\\":{\\\"prompt_tokens\\\":99}}", "data: x"];
    private static readonly string[] Numbers = ["0", "7", "12", "-1", "1.5", "1e3", "9999999999999999999", "null", "true"];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Stream_of_events_of_changing_forms_reads_the_same_by_event_and_by_byte(string lineEnd)
    {
        var @event = from form in Gen.Frequency((6, Gen.Constant(0)), (6, Gen.Choose(0, Events.Length - 1)))
                     from word in Gen.Elements(Words)
                     from pad in Gen.Elements(Words)
                     from number in Gen.Elements(Numbers)
                     select Events[form].Replace("WORD", word, StringComparison.Ordinal).Replace("PAD", pad, StringComparison.Ordinal).Replace("NUM", number, StringComparison.Ordinal)
                         .Replace("\n", lineEnd, StringComparison.Ordinal) + lineEnd + lineEnd;
        Prop.ForAll(Gen.ListOf(@event).ToArbitrary(), static events => AssertSame([.. events.Select(Encoding.UTF8.GetBytes)])).QuickCheckThrowOnFailure();
    }

    public static TheoryData<Dialect, string[]> OtherDialects => new()
    {
        {
            Dialect.Messages,
            [
                """event: message_start\ndata: {"type":"message_start","message":{"id":"ID","model":"ID","usage":{"input_tokens":NUM,"output_tokens":1,"service_tier":"ID"}}}""",
                """event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"fallback","to":{"model":"ID"}}}""",
                """event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"WORD"}  }""",
                """event: content_block_delta\ndata: {"type":"content_block_delta","index":NUM,"delta":{"type":"thinking_delta","thinking":"WORD"}}""",
                """event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"ID"},"usage":{"input_tokens":NUM,"output_tokens":NUM,"inference_geo":"ID"}}""",
            ]
        },
        {
            Dialect.Responses,
            [
                """event: response.created\ndata: {"type":"response.created","response":{"id":"ID","model":"ID","status":"in_progress","usage":null}}""",
                """event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":NUM,"item_id":"ID","delta":"WORD"}""",
                """event: response.reasoning_summary_text.delta\ndata: {"type":"response.reasoning_summary_text.delta","sequence_number":NUM,"delta":"WORD"}""",
                """event: response.output_item.done\ndata: {"type":"response.output_item.done","item":{"type":"web_search_call","id":"ID"}}""",
                """event: response.completed\ndata: {"type":"response.completed","response":{"id":"ID","model":"ID","status":"completed","service_tier":"ID","usage":{"input_tokens":NUM,"output_tokens":NUM}}}""",
            ]
        },
        {
            Dialect.Gemini,
            [
                """data: {"candidates":[{"content":{"parts":[{"text":"WORD"}]}}],"usageMetadata":{"promptTokenCount":NUM,"candidatesTokenCount":NUM,"trafficType":"ON_DEMAND"},"modelVersion":"ID","responseId":"ID"}""",
                """data: {"candidates":[{"content":{"parts":[{"text":"WORD","thought":true}]}}],"usageMetadata":{"promptTokenCount":5,"thoughtsTokenCount":NUM,"serviceTier":"ID"}}""",
                """data: {"usageMetadata":{"trafficType":"PROVISIONED_THROUGHPUT"},"modelVersion":"ID"}""",
            ]
        },
        {
            Dialect.ChatCompletions,
            [
                """data: {"id":"ID","model":"ID","service_tier":"ID","choices":[{"delta":{"content":"WORD"}}],"usage":null}""",
                """data: {"id":"ID","model":"ID","choices":[{"delta":{"content":"WORD"}}],"usage":{"prompt_tokens":NUM,"completion_tokens":null}}""",
                """data: {"model":"ID","choices":[],"usage":{"prompt_tokens":null,"completion_tokens":NUM}}""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(OtherDialects))]
    public void Names_and_counts_that_change_now_and_then_are_read_the_same_by_event_and_by_byte(Dialect dialect, string[] forms)
    {
        var @event = from form in Gen.Elements(forms)
                     from again in Gen.Choose(1, 4)
                     from word in Gen.Elements(Words)
                     from id in Gen.Elements("a", "b", "auto")
                     from number in Gen.Elements("1", "12", "null")
                     select Enumerable.Repeat(form.Replace("\\n", "\n", StringComparison.Ordinal).Replace("WORD", word, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal)
                         .Replace("NUM", number, StringComparison.Ordinal) + "\n\n", again);
        Prop.ForAll(Gen.ListOf(@event).ToArbitrary(), events => AssertSame([.. events.SelectMany(static e => e).Select(Encoding.UTF8.GetBytes)], dialect)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Event_with_any_one_byte_changed_reads_the_same_by_event_and_by_byte()
    {
        var usual = Encoding.UTF8.GetBytes(Events[0].Replace("WORD", " word", StringComparison.Ordinal) + "\n\n");
        byte[] replacements = [.. "\"\\{}[]:, \n\r0x"u8];
        for (var at = 0; at < usual.Length; at++)
        {
            foreach (var replacement in replacements)
            {
                var changed = usual.ToArray();
                changed[at] = replacement;
                AssertSame([usual, usual, usual, changed, usual]);
            }
        }
    }

    [Fact]
    public void Event_cut_or_lengthened_at_any_byte_reads_the_same_by_event_and_by_byte()
    {
        var usual = Encoding.UTF8.GetBytes(Events[2].Replace("NUM", "12", StringComparison.Ordinal) + "\n\n");
        for (var at = 0; at < usual.Length; at++)
        {
            AssertSame([usual, usual, usual[..at], usual]);
            AssertSame([usual, usual, [.. usual[..at], (byte)'7', .. usual[at..]], usual]);
        }
    }

    [Fact]
    public void Second_event_of_a_form_teaches_what_varies_and_the_third_is_not_parsed()
    {
        var reader = DialectTable.Create(Dialect.ChatCompletions)!;
        reader.Reset(ProviderQuirks.None);
        var shapes = new EventShapes();
        shapes.Reset();
        byte[] Event(string word, string pad) => Encoding.UTF8.GetBytes(Events[0].Replace("WORD", word, StringComparison.Ordinal).Replace("PAD", pad, StringComparison.Ordinal) + "\n\n");

        shapes.Learn(Event("one", "x"), reader.Paths);
        Assert.Equal(0, shapes.Replay(Event("two", "yy"), reader));
        shapes.Learn(Event("two", "yy"), reader.Paths);
        var third = Event("three \\\" ", "zzz");

        Assert.Equal(third.Length, shapes.Replay([.. third, .. "data: more"u8], reader));
        Assert.Equal("three \\\" ".Length, reader.Text.Bytes);
        Assert.Equal("m-1", reader.Model);
        Assert.Equal(0, shapes.Replay(third[..^1], reader));
    }

    [Fact]
    public void Two_alternating_forms_are_both_known()
    {
        var reader = DialectTable.Create(Dialect.ChatCompletions)!;
        reader.Reset(ProviderQuirks.None);
        var shapes = new EventShapes();
        shapes.Reset();
        byte[] text = Encoding.UTF8.GetBytes(Events[0] + "\n\n"), tool = Encoding.UTF8.GetBytes(Events[1] + "\n\n");
        shapes.Learn(text, reader.Paths);
        shapes.Learn(tool, reader.Paths);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(text.Length, shapes.Replay(text, reader));
            Assert.Equal(tool.Length, shapes.Replay(tool, reader));
        }
    }

    [Fact]
    public void Event_larger_than_a_shape_is_parsed_each_time()
    {
        var large = Encoding.UTF8.GetBytes(Events[0].Replace("WORD", new string('w', EventShape.MaxBytes), StringComparison.Ordinal) + "\n\n");
        AssertSame([large, large, large]);
    }

    [Fact]
    public void Document_with_more_scalars_than_a_shape_holds_is_parsed_each_time()
    {
        var wide = Encoding.UTF8.GetBytes("data: {\"x\":[" + string.Join(',', Enumerable.Repeat("1", EventShape.MaxScalars + 1)) + "],\"choices\":[{\"delta\":{\"content\":\"w\"}}]}\n\n");
        AssertSame([wide, wide, wide]);
    }

    private static void AssertSame(byte[][] events, Dialect dialect = Dialect.ChatCompletions)
    {
        byte[] body = [.. events.SelectMany(static e => e)];
        var byByte = Meter(body.Select(static b => new[] { b }), dialect);
        Assert.Equal(byByte, Meter(events, dialect));
        Assert.Equal(byByte, Meter([body], dialect));
    }

    private static MeterReading Meter(IEnumerable<byte[]> pieces, Dialect dialect)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = "openai", Stream = true, InputBytes = 400 });
        foreach (var piece in pieces)
        {
            meter.Observe(piece);
        }
        return meter.Finish();
    }
}
