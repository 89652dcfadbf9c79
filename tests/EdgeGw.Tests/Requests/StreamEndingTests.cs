using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Requests;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Requests;

public sealed class StreamEndingTests
{
    private static readonly Guid Id = Guid.Parse("01890000-0000-7000-8000-000000000001");

    [Fact]
    public void Stream_cut_at_its_last_boundary_holds_whole_events_only_and_the_error_stands_alone()
    {
        var block =
            from lines in Gen.NonEmptyListOf(Gen.Elements("data: {\"a\":1}", "event: e", "data: 漢字", ": ping", "id: 1"))
            from end in Gen.Elements("\n", "\r\n", "\r")
            select string.Concat(lines.Select(line => line + end)) + end;
        var stream = Gen.Select(Gen.ListOf(block), static blocks => string.Concat(blocks));
        Prop.ForAll(Arb.From(Gen.Zip(stream, Gen.Choose(0, 100))), static input =>
        {
            var bytes = Encoding.UTF8.GetBytes(input.Item1);
            var cut = bytes.Length * input.Item2 / 100;
            var end = StreamEnding.LastBoundary(BodyForm.Sse, bytes.AsSpan(0, cut));
            var whole = Events(bytes);
            var shown = Events([.. bytes.AsSpan(0, end), .. "data: stopped\n\n"u8]);
            Assert.Equal("data: stopped", shown[^1]);
            Assert.Equal(whole.Take(shown.Count - 1), shown.SkipLast(1));
            // No event that was whole at the cut is missing.
            Assert.InRange(shown.Count - 1, Math.Max(0, Events(bytes[..cut]).Count - 1), whole.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("data: x\n\ndata: y", 9)]
    [InlineData("data: x\r\n\r\ndata: y", 11)]
    [InlineData("data: x\r\rdata: y", 9)]
    [InlineData("data: x\n", 0)]
    [InlineData("", 0)]
    public void Boundary_is_behind_the_blank_line(string piece, int expected) =>
        Assert.Equal(expected, StreamEnding.LastBoundary(BodyForm.Sse, Encoding.UTF8.GetBytes(piece)));

    [Fact]
    public void Boundary_of_lines_is_behind_the_line_end() => Assert.Equal(3, StreamEnding.LastBoundary(BodyForm.Json, "{}\n{"u8));

    [Theory]
    [InlineData(Dialect.Gemini, BodyForm.Json)]
    [InlineData(Dialect.Converse, BodyForm.Frames)]
    [InlineData(Dialect.CohereChat, BodyForm.Sse)]
    [InlineData(Dialect.ChatCompletions, BodyForm.Unknown)]
    internal void Form_without_an_error_event_has_no_ending(Dialect dialect, BodyForm form) => Assert.False(StreamEnding.Exists(dialect, form));

    [Fact]
    public void Responses_get_the_documented_event_and_the_nested_error()
    {
        var text = Write(Dialect.Responses);
        Assert.StartsWith("event: error\ndata: {", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", text, StringComparison.Ordinal);
        var data = Data(text);
        Assert.Equal(("error", "budget_exhausted", 7), (data.GetProperty("type").GetString(), data.GetProperty("code").GetString(), data.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("budget_exhausted", data.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public void Chat_gets_its_error_and_its_end()
    {
        var text = Write(Dialect.ChatCompletions);
        Assert.EndsWith("}\n\ndata: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Contains("\"team\"", Data(text).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ollama_gets_a_line() =>
        Assert.Contains("team", JsonDocument.Parse(Write(Dialect.Ollama)).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);

    private static JsonElement Data(string text)
    {
        var line = text.Split('\n').First(static line => line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonDocument.Parse(line[6..]).RootElement.Clone();
    }

    private static string Write(Dialect dialect)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamEnding.Write(output, dialect, Refusals.BudgetExhausted("team"), Id, events: 7);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The events by the standard, read line by line: fields of each, joined; those of comments only are none.</summary>
    private static List<string> Events(byte[] bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var events = new List<string>();
        var current = new List<string>();
        // What stands behind the last line end is no line yet, and an event without its blank line is dropped.
        foreach (var line in lines[..^1])
        {
            if (line.Length > 0)
            {
                current.Add(line);
            }
            else if (current.Count > 0)
            {
                events.Add(string.Join('|', current));
                current.Clear();
            }
        }
        return events;
    }
}
