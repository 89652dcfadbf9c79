using EdgeGw.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Routing;

public sealed class HeaderClassesTests
{
    private static readonly string[] Names =
    [
        "Connection", "Transfer-Encoding", "TE", "Authorization", "x-api-key", "api-key", "OpenAI-Project", "Host", "Cookie", "Set-Cookie", "Server", "ETag", "Digest",
        "x-edgegw-metadata", "cf-aig-metadata", "x-amzn-bedrock-trace", "X-Amz-Date", "access-control-allow-origin", "Content-Type", "Content-Length", "x-title", "a", "", ":path",
        new string('x', 128), new string('x', 129),
    ];

    /// <summary>Names of rules, as they are, spelt otherwise, or with a character changed.</summary>
    private static readonly Gen<string> AnyName = Gen.Elements(Names).SelectMany(static name => Gen.Choose(0, 999).Select(choice => (choice % 6) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.Replace('-', '_'),
        2 when name.Length > 0 => name.Remove(choice % name.Length, 1).Insert(choice % name.Length, "q"),
        3 => name + (choice % 10),
        4 => new string(name),
        _ => name,
    }));

    [Fact]
    public void Class_of_a_name_is_the_same_whichever_names_came_before() =>
        Prop.ForAll(AnyName.ListOf().ToArbitrary(), static names =>
        {
            foreach (var name in names)
            {
                Assert.Equal(HeaderClasses.Find(name), HeaderClasses.Of(name));
                Assert.Equal(HeaderClasses.Find(name), HeaderClasses.Of(name));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Authorization", HeaderClass.Credential)]
    [InlineData("X_API_KEY", HeaderClass.Credential | HeaderClass.Underscored)]
    [InlineData("x-goog-user-project", HeaderClass.AccountSelector)]
    [InlineData("transfer_encoding", HeaderClass.NotUpstream | HeaderClass.Underscored)]
    [InlineData("transfer-encoding", HeaderClass.NotUpstream | HeaderClass.NotToCaller)]
    [InlineData("X-Amzn-Bedrock-Trace", HeaderClass.None)]
    [InlineData("x_amzn_bedrock_trace", HeaderClass.NotUpstream | HeaderClass.Underscored)]
    [InlineData("etag", HeaderClass.OfBytes)]
    [InlineData("Set-Cookie", HeaderClass.NotToCaller)]
    [InlineData("", HeaderClass.NotUpstream)]
    public void Class_is_what_the_rules_say(string name, object expected) => Assert.Equal((HeaderClass)expected, HeaderClasses.Of(name));

    [Fact]
    public void Name_longer_than_any_that_is_known_never_goes_to_a_provider() =>
        Assert.Equal((HeaderClass.None, HeaderClass.NotUpstream), (HeaderClasses.Of(new string('x', 128)), HeaderClasses.Of(new string('x', 129))));
}
