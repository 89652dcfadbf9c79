using EdgeGw.Identity;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Identity;

public sealed class CallerCredentialTests
{
    [Theory]
    [InlineData("Authorization", "Bearer egw_1", "egw_1")]
    [InlineData("Authorization", "bearer  egw_1", "egw_1")]
    [InlineData("x-api-key", "egw_1", "egw_1")]
    [InlineData("x-goog-api-key", "egw_1", "egw_1")]
    [InlineData("api-key", "egw_1", "egw_1")]
    [InlineData("cf-aig-authorization", "Bearer egw_1", "egw_1")]
    [InlineData("x-api-key", "sk-ant-1", "sk-ant-1")]
    public void Find_in_any_place_where_an_SDK_puts_its_key(string header, string value, string expected)
    {
        var found = CallerCredential.Find(new HeaderDictionary { [header] = value }, null, out var identity);
        Assert.Equal(expected, found.ToString());
        Assert.Equal(expected.StartsWith("egw_", StringComparison.Ordinal) ? header : null, identity);
    }

    [Fact]
    public void Find_prefers_our_key_to_a_providers_key_in_another_place()
    {
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer sk-provider", ["cf-aig-authorization"] = "Bearer egw_2" };
        Assert.Equal("egw_2", CallerCredential.Find(headers, null, out var header).ToString());
        Assert.Equal("cf-aig-authorization", header);
    }

    [Fact]
    public void Find_takes_the_query_where_no_header_has_one() => Assert.Equal("AIza", CallerCredential.Find(new HeaderDictionary(), "AIza", out _).ToString());

    [Fact]
    public void Find_of_a_repeated_header_finds_nothing() =>
        Assert.True(CallerCredential.Find(new HeaderDictionary { ["x-api-key"] = new(["egw_1", "egw_2"]) }, null, out _).IsEmpty);
}
