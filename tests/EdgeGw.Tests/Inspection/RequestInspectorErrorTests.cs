using System.Text;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class RequestInspectorErrorTests
{
    private static InspectionError Error(string body, Dialect dialect = Dialect.ChatCompletions)
    {
        var result = RequestInspector.Inspect(dialect, Encoding.UTF8.GetBytes(body));
        Assert.NotNull(result.Error);
        return result.Error.Value;
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 3)]
    [InlineData("""{"model":"m",}""", 13)]
    [InlineData("""{"model":"m"} x""", 14)]
    [InlineData("{\"model\":\"m\",\n\n  secret}", 17)]
    [InlineData("""{"model":"m" """, 13)]
    [InlineData("""{"model":"m"}{}""", 13)]
    [InlineData("""{"model":"m",/* c */"n":1}""", 13)]
    public void Invalid_json_is_refused_at_its_byte(string body, long position)
    {
        var error = Error(body);
        Assert.Equal(InspectionErrorKind.InvalidJson, error.Kind);
        Assert.Equal(position, error.Position);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string Nested(int levels) => $$"""{"model":"m","x":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        Assert.True(RequestInspector.Inspect(Dialect.ChatCompletions, Encoding.UTF8.GetBytes(Nested(RequestInspector.MaxDepth - 1))).IsValid);
        Assert.Equal(InspectionErrorKind.InvalidJson, Error(Nested(RequestInspector.MaxDepth)).Kind);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"model\"")]
    [InlineData("null")]
    [InlineData("17")]
    public void Anything_but_an_object_is_refused(string body) => Assert.Equal(InspectionErrorKind.NotAnObject, Error(body).Kind);

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"model":null}""")]
    public void Missing_model_is_refused(string body) => Assert.Equal(InspectionErrorKind.MissingModel, Error(body).Kind);

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""")]
    [InlineData("""{"model":"a","stream":false,"stream":true}""")]
    [InlineData("""{"model":"a","Model":"b"}""")]
    [InlineData("""{"model":"a","STREAM":true}""")]
    [InlineData("""{"model":"a","n":1,"n":9}""")]
    [InlineData("""{"model":"a","stream_options":{},"stream_options":{}}""")]
    [InlineData("""{"model":"a","stream_options":{"include_usage":false,"include_usage":true}}""")]
    public void Members_that_two_readers_could_read_differently_are_refused(string body) =>
        Assert.Equal(InspectionErrorKind.DuplicateMember, Error(body).Kind);

    [Theory]
    [InlineData("""{"model":7}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"model":"a\nb"}""")]
    [InlineData("""{"model":"\ud800"}""")]
    [InlineData("""{"model":"modèle"}""")]
    [InlineData("""{"model":"m","stream":"true"}""")]
    [InlineData("""{"model":"m","stream":1}""")]
    [InlineData("""{"model":"m","n":"5"}""")]
    [InlineData("""{"model":"m","max_tokens":"5"}""")]
    [InlineData("""{"model":"m","stream_options":[]}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":"yes"}}""")]
    [InlineData("""{"model":"m","service_tier":["priority"]}""")]
    public void Members_of_another_type_are_refused(string body) => Assert.Equal(InspectionErrorKind.InvalidMember, Error(body).Kind);

    [Fact]
    public void Overlong_model_is_refused()
    {
        var fits = $$"""{"model":"{{new string('m', RequestInspector.LongestModel)}}"}""";
        Assert.True(RequestInspector.Inspect(Dialect.ChatCompletions, Encoding.UTF8.GetBytes(fits)).IsValid);
        Assert.Equal(InspectionErrorKind.InvalidMember, Error($$"""{"model":"{{new string('m', RequestInspector.LongestModel + 1)}}"}""").Kind);
    }

    [Fact]
    public void Fault_behind_the_model_is_found() => Assert.Equal(InspectionErrorKind.InvalidJson, Error("""{"model":"m","messages":[}""").Kind);
}
