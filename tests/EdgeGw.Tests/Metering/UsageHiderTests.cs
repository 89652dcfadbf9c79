using System.Buffers;
using System.Text;
using EdgeGw.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class UsageHiderTests
{
    private const string UsageObject = "{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":0}}";

    [Fact]
    public void Stream_with_injected_usage_cut_anywhere_becomes_the_stream_without()
    {
        var chunk = Gen.Elements(
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]@}",
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"say \\\"usage\\\":null, \\\"choices\\\":[]\"}}]@,\"obfuscation\":\"xYz\"}",
            "{\"choices\":[],\"prompt_filter_results\":[{\"usage\":null}]@}",
            "{ \"choices\" : [ {\"delta\":{\"usage\":null}} ]@ }",
            "{\"model\":\"m\"@,\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
        var stream =
            from chunks in Gen.NonEmptyListOf(Gen.Zip(chunk, Gen.Elements("", "", ": comment", "event: x\n")))
            from end in Gen.Elements("\n", "\r\n", "\r")
            from usageAt in Gen.Choose(0, chunks.Count)
            from lastBlank in Gen.Elements(true, false)
            from lengths in Pieces.Lengths
            select (chunks, end, usageAt, lastBlank, lengths);
        Prop.ForAll(Arb.From(stream), static s =>
        {
            var plain = new StringBuilder();
            var asked = new StringBuilder();
            for (var i = 0; i <= s.chunks.Count; i++)
            {
                if (i == s.usageAt)
                {
                    asked.Append($"data: {{\"id\":\"c\",\"choices\":[],\"usage\":{UsageObject}}}").Append(s.end).Append(s.end);
                }
                if (i < s.chunks.Count)
                {
                    var (json, before) = s.chunks[i];
                    var head = before.Length == 0 ? "" : before.StartsWith(':') ? before + s.end + s.end : before.TrimEnd('\n') + s.end;
                    plain.Append(head).Append("data: ").Append(json.Replace("@", "", StringComparison.Ordinal)).Append(s.end).Append(s.end);
                    asked.Append(head).Append("data: ").Append(json.Replace("@", ",\"usage\":null", StringComparison.Ordinal)).Append(s.end).Append(s.end);
                }
            }
            var done = "data: [DONE]" + (s.lastBlank ? s.end + s.end : "");
            Assert.Equal(plain + done, Hide(asked + done, s.lengths));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("data: {\"usage\":null,\"choices\":[{}]}\n\n", "data: {\"choices\":[{}]}\n\n")]
    [InlineData("data: { \"usage\" : null , \"choices\":[{}]}\n\n", "data: { \"choices\":[{}]}\n\n")]
    [InlineData("data: {\"usage\":null}\n\n", "data: {}\n\n")]
    [InlineData("data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}\n\n", null)]
    [InlineData("data: {\"choices\":[], \"usage\":{\"prompt_tokens\":1}}", "")]
    [InlineData("data: {\"choices\":[ ],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n", "data: [DONE]\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_to", null)]
    [InlineData("data: {\"error\":{\"message\":\"\\\"usage\\\"\"}}\n\n", null)]
    [InlineData("\n\n: c\r\rdata: not json \"usage\"\n\n", null)]
    public void Single_events_are_decided_by_their_top_level(string input, string? expected)
    {
        for (var length = 1; length <= input.Length; length++)
        {
            Assert.Equal(expected ?? input, Hide(input, [length]));
        }
    }

    [Fact]
    public void Event_beyond_the_bound_passes_unread()
    {
        var input = "data: {\"choices\":[],\"usage\":{},\"x\":\"" + new string('x', UsageHider.MaxEvent) + "\"}\n\n";
        Assert.Equal(input + "data: {}\n\n", Hide(input + "data: {\"usage\":null}\n\n", [100_000]));
    }

    [Fact]
    public void Providers_that_send_usage_unasked_are_not_asked()
    {
        Assert.True(UsageHider.NeedsIncludeUsage("openai", Dialect.ChatCompletions));
        Assert.True(UsageHider.NeedsIncludeUsage("azure-openai", Dialect.Completions));
        Assert.True(UsageHider.NeedsIncludeUsage("something-new", Dialect.ChatCompletions));
        Assert.False(UsageHider.NeedsIncludeUsage("groq", Dialect.ChatCompletions));
        Assert.False(UsageHider.NeedsIncludeUsage("openai", Dialect.Responses));
        Assert.False(UsageHider.NeedsIncludeUsage("anthropic", Dialect.Messages));
    }

    [Fact]
    public void Whole_events_pass_without_allocating()
    {
        var hider = new UsageHider();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var input = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}\n\n"u8.ToArray();
        hider.Start();
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                hider.Write(input, output);
            }
        }));
    }

    private static string Hide(string input, int[] lengths)
    {
        using var hider = new UsageHider();
        var output = new ArrayBufferWriter<byte>();
        hider.Start();
        foreach (var piece in Pieces.Cut(Encoding.UTF8.GetBytes(input), lengths))
        {
            hider.Write(piece, output);
        }
        hider.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
