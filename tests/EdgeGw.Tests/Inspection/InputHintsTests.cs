using System.Text;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class InputHintsTests
{
    private static RequestFacts Facts(Dialect dialect, string members)
    {
        var result = RequestInspector.Inspect(dialect, Encoding.UTF8.GetBytes($$"""{"model":"m",{{members}}}"""));
        Assert.Null(result.Error);
        return result.Facts;
    }

    [Theory]
    [InlineData(Dialect.ChatCompletions, """ "messages":[{"content":[{"type":"image_url","image_url":{"url":"https://x"}},{"type":"image_url"}]}] """, 2)]
    [InlineData(Dialect.Responses, """ "input":[{"content":[{"type":"input_image","image_url":"data:"}]}] """, 1)]
    [InlineData(Dialect.Messages, """ "messages":[{"content":[{"type":"image","source":{"type":"base64","data":"AA"}}]}] """, 1)]
    [InlineData(Dialect.Gemini, """ "contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AA"}},{"inline_data":{}}]}] """, 2)]
    [InlineData(Dialect.ChatCompletions, """ "messages":[{"content":"\"type\":\"image_url\""}] """, 0)]
    public void Images_are_counted(Dialect dialect, string members, int images)
    {
        var facts = Facts(dialect, members);
        Assert.Equal(images, facts.MediaParts);
        Assert.Equal(images > 0, facts.HasMedia);
    }

    [Theory]
    [InlineData(Dialect.Responses, """ "conversation":"conv_1" """)]
    [InlineData(Dialect.Responses, """ "input":[{"type":"item_reference","id":"x"}] """)]
    [InlineData(Dialect.Responses, """ "input":[{"content":[{"type":"input_file","file_id":"file-1"}]}] """)]
    [InlineData(Dialect.Responses, """ "tools":[{"type":"file_search"}] """)]
    [InlineData(Dialect.Responses, """ "tools":[{"type":"mcp"}] """)]
    [InlineData(Dialect.ChatCompletions, """ "messages":[{"content":[{"type":"file","file":{"file_data":"AA"}}]}] """)]
    [InlineData(Dialect.Messages, """ "messages":[{"content":[{"type":"document","source":{}}]}] """)]
    [InlineData(Dialect.Messages, """ "mcp_servers":[{}] """)]
    [InlineData(Dialect.Messages, """ "tools":[{"type":"code_execution_20250825"}] """)]
    [InlineData(Dialect.Gemini, """ "cachedContent":"cachedContents/1" """)]
    [InlineData(Dialect.Gemini, """ "contents":[{"parts":[{"fileData":{"fileUri":"gs://x"}}]}] """)]
    [InlineData(Dialect.Gemini, """ "tools":[{"urlContext":{}}] """)]
    public void Input_beyond_the_body_is_open_ended(Dialect dialect, string members) => Assert.True(Facts(dialect, members).OpenEndedInput);

    [Theory]
    [InlineData(Dialect.Messages, """ "tools":[{"type":"web_search_20250305","max_uses":3}] """, 3)]
    [InlineData(Dialect.Messages, """ "tools":[{"type":"web_search_20250305"}] """, 10)]
    [InlineData(Dialect.Responses, """ "tools":[{"type":"web_search"}] """, 10)]
    [InlineData(Dialect.Responses, """ "tools":[{"type":"web_search_preview"}] """, 10)]
    [InlineData(Dialect.ChatCompletions, """ "web_search_options":{} """, 10)]
    [InlineData(Dialect.Gemini, """ "tools":[{"google_search":{}}] """, 10)]
    [InlineData(Dialect.Messages, """ "messages":[{"content":[{"type":"web_search_tool_result"}]}] """, 0)]
    [InlineData(Dialect.Messages, """ "tools":[{"name":"f","input_schema":{"type":"object","properties":{"q":{"type":"string"}}}}] """, 0)]
    public void Paid_searches_are_bounded(Dialect dialect, string members, long searches)
    {
        var facts = Facts(dialect, members);
        Assert.Equal(searches, facts.WebSearches);
        Assert.Equal(searches > 0, facts.OpenEndedInput);
    }

    [Fact]
    public void Cache_marks_are_seen_wherever_they_stand()
    {
        var nested = Facts(Dialect.Messages, """ "system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}] """);
        Assert.True(nested.WritesCache && nested.WritesCache1h);
        var top = Facts(Dialect.Messages, """ "cache_control":{"type":"ephemeral"} """);
        Assert.True(top.WritesCache);
        Assert.False(top.WritesCache1h);
        Assert.False(Facts(Dialect.Messages, """ "messages":[] """).WritesCache);
    }

    [Fact]
    public void Tools_and_audio_are_seen()
    {
        Assert.True(Facts(Dialect.ChatCompletions, """ "tools":[{"type":"function"}] """).HasTools);
        Assert.False(Facts(Dialect.ChatCompletions, """ "tools":null """).HasTools);
        Assert.True(Facts(Dialect.ChatCompletions, """ "messages":[{"content":[{"type":"input_audio"}]}] """).HasAudio);
    }
}
