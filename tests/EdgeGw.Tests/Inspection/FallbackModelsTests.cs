using System.Text;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class FallbackModelsTests
{
    [Theory]
    [InlineData("""["a/b","c"]""", "a/b,c")]
    [InlineData("""[ "a\/b" , "\u0063:free" ]""", "a/b,c:free")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void List_of_names_is_read_as_json(string written, string meant) => Assert.Equal(meant, string.Join(',', Read(written)!));

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("{\"0\":\"a\"}")]
    [InlineData("1")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"a\",[\"b\"]]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[\"modèle\"]")]
    [InlineData("[\"a\\nb\"]")]
    public void Whatever_is_no_list_of_names_cannot_be_told(string written) => Assert.Null(Read(written));

    [Fact]
    public void Names_and_lists_have_a_largest_length()
    {
        var longest = new string('m', RequestInspector.LongestModel);
        Assert.Equal(longest, Assert.Single(Read($"[\"{longest}\"]")!));
        Assert.Null(Read($"[\"{longest}m\"]"));
        Assert.Equal(longest, Assert.Single(Read($"[\"{string.Concat(Enumerable.Repeat("\\u006d", RequestInspector.LongestModel))}\"]")!));
        Assert.Equal(FallbackModels.Most, Read($"[{string.Join(',', Enumerable.Repeat("\"m\"", FallbackModels.Most))}]")!.Length);
        Assert.Null(Read($"[{string.Join(',', Enumerable.Repeat("\"m\"", FallbackModels.Most + 1))}]"));
    }

    [Theory]
    [InlineData("""{"models":["a","b"],"model":"c"}""", """["a","b"]""")]
    [InlineData("""{"model":"c","mod\u0065ls" : [ "a" , ["]"], {"models":["z"]} ] ,"n":1}""", """[ "a" , ["]"], {"models":["z"]} ]""")]
    [InlineData("""{"model":"c","models":"a"}""", "\"a\"")]
    [InlineData("""{"model":"c","models":null}""", "null")]
    [InlineData("""{"model":"c","metadata":{"models":["a"]}}""", "")]
    public void Range_is_the_members_value(string body, string value)
    {
        var result = RequestInspector.Inspect(Dialect.ChatCompletions, Encoding.UTF8.GetBytes(body));
        Assert.Null(result.Error);
        var range = result.Facts.FallbacksRange;
        Assert.Equal(value, body.Substring(range.Offset, range.Length));
    }

    [Fact]
    public void Member_that_stands_twice_is_refused() => Assert.Equal(InspectionErrorKind.DuplicateMember,
        RequestInspector.Inspect(Dialect.ChatCompletions, """{"model":"c","models":["a"],"models":["b"]}"""u8).Error!.Value.Kind);

    private static string[]? Read(string json) => FallbackModels.Read(Encoding.UTF8.GetBytes(json));
}
