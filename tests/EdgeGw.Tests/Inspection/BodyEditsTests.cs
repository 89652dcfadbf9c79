using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Inspection;

public sealed class BodyEditsTests
{
    private static string Apply(string body, params BodyEdit[] edits)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        BodyEdits.Apply(Encoding.UTF8.GetBytes(body), edits, pieces);
        return Encoding.UTF8.GetString(pieces.SelectMany(piece => piece.ToArray()).ToArray());
    }

    private static RequestFacts Facts(string body, Dialect dialect = Dialect.ChatCompletions)
    {
        var result = RequestInspector.Inspect(dialect, Encoding.UTF8.GetBytes(body));
        Assert.Null(result.Error);
        return result.Facts;
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"m","stream":true}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":null}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{ }}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{ "x":[{}] }}""",
        """{"model":"m","stream":true,"stream_options":{"include_usage":true, "x":[{}] }}""")]
    [InlineData("""{"stream_options":{"x":{"include_usage":true}},"model":"m","stream":true}""",
        """{"stream_options":{"include_usage":true,"x":{"include_usage":true}},"model":"m","stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage": false ,"y":1},"stream":true}""",
        """{"model":"m","stream_options":{"include_usage": true ,"y":1},"stream":true}""")]
    public void Stream_is_asked_for_its_usage(string body, string expected)
    {
        Assert.True(BodyEdits.TryAskForUsage(Facts(body), out var edit));
        Assert.Equal(expected, Apply(body, edit));
    }

    [Theory]
    [InlineData(Dialect.ChatCompletions, """{"model":"m"}""")]
    [InlineData(Dialect.ChatCompletions, """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData(Dialect.Messages, """{"model":"m","stream":true}""")]
    [InlineData(Dialect.Responses, """{"model":"m","stream":true}""")]
    public void Nothing_is_asked_where_nothing_need_be(Dialect dialect, string body) =>
        Assert.False(BodyEdits.TryAskForUsage(Facts(body, dialect), out _));

    [Fact]
    public void Pieces_are_the_body_itself_around_the_replacement()
    {
        var body = Encoding.UTF8.GetBytes("""{"n":1,"model":"openai/gpt-4o","x":2}""").AsMemory();
        var facts = RequestInspector.Inspect(Dialect.ChatCompletions, body.Span).Facts;
        var pieces = new List<ReadOnlyMemory<byte>>();
        BodyEdits.Apply(body, [BodyEdits.ReplaceModel(facts, BodyEdits.EncodeModel("gpt-4o"))], pieces);
        Assert.Equal(3, pieces.Count);
        Assert.True(pieces[0].Span.Overlaps(body.Span) && pieces[2].Span.Overlaps(body.Span));
        Assert.Equal("\"gpt-4o\"", Encoding.UTF8.GetString(pieces[1].Span));
    }

    [Fact]
    public void Edits_apply_in_any_order()
    {
        var first = new BodyEdit(1, 1, "X"u8.ToArray());
        var second = new BodyEdit(3, 0, "Y"u8.ToArray());
        var third = new BodyEdit(3, 1, "Z"u8.ToArray());
        Assert.Equal("aXcYZe", Apply("abcde", second, first, third));
        Assert.Equal("abcde", Apply("abcde"));
    }

    [Theory]
    [InlineData(0, 2, 1, 1)]
    [InlineData(4, 2, 0, 0)]
    [InlineData(0, -1, 0, 0)]
    [InlineData(-1, 1, 0, 0)]
    public void Overlapping_or_outlying_edits_are_errors(int offset, int length, int otherOffset, int otherLength) =>
        Assert.Throws<ArgumentException>(() => Apply("abcde", new BodyEdit(offset, length, default), new BodyEdit(otherOffset, otherLength, default)));

    [Fact]
    public void Model_names_are_encoded_as_json() =>
        Assert.Equal("a/b\"c", JsonNode.Parse(BodyEdits.EncodeModel("a/b\"c").Span)!.GetValue<string>());

    [Fact]
    public void Any_edited_request_parses_to_the_same_with_only_the_edited_members_changed()
    {
        var request =
            from members in Gen.SubListOf(
                "\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"model\\\" b\\u00e9\"}]", "\"temperature\":0.10",
                "\"metadata\":{\"model\":\"x\",\"stream\":false,\"stream_options\":{\"include_usage\":false}}", "\"tools\":[]", "\"é\":\"\\n\"")
            from options in Gen.Elements(null, "null", "{}", "{ \"a\" : 1 }", "{\"include_usage\":false}", "{\"a\":[1],\"include_usage\":true}",
                "{\"include_usage\":null,\"b\":{}}")
            from space in Gen.Elements("", " ", "\n\t")
            let all = members.Append("\"model\":\"openai\\/gpt-4o\"").Append("\"stream\":true")
                .Concat(options is null ? [] : [$"\"stream_options\":{space}{options}"])
            from shuffled in Gen.Shuffle(all)
            select $"{space}{{{space}{string.Join($"{space},{space}", shuffled)}{space}}}{space}";

        Prop.ForAll(request.ToArbitrary(), body =>
        {
            var facts = Facts(body);
            var edits = new List<BodyEdit> { BodyEdits.ReplaceModel(facts, BodyEdits.EncodeModel("gpt-4o")) };
            if (BodyEdits.TryAskForUsage(facts, out var ask))
            {
                edits.Add(ask);
            }
            var expected = JsonNode.Parse(body)!.AsObject();
            expected["model"] = "gpt-4o";
            (expected["stream_options"] ??= new JsonObject())["include_usage"] = true;
            var edited = Apply(body, [.. edits]);
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(edited)), edited);

            // Undoing the edits in the text gives back every byte.
            var undone = Encoding.UTF8.GetBytes(edited).ToList();
            foreach (var edit in edits.OrderBy(edit => edit.Offset))
            {
                undone.RemoveRange(edit.Offset, edit.Replacement.Length);
                undone.InsertRange(edit.Offset, Encoding.UTF8.GetBytes(body).AsSpan(edit.Offset, edit.Length).ToArray());
            }
            Assert.Equal(body, Encoding.UTF8.GetString([.. undone]));
        }).QuickCheckThrowOnFailure();
    }
}
