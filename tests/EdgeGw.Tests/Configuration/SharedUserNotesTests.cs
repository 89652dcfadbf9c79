namespace EdgeGw.Tests.Configuration;

public sealed class SharedUserNotesTests
{
    [Theory]
    [InlineData("sub", "sub", true)]
    [InlineData("sub", "email", true)]
    [InlineData("sub", "{iss}#{sub}", false)]
    [InlineData("sub", "okta:{sub}", false)]
    [InlineData("okta:{sub}", "okta:{email}", true)]
    [InlineData("{iss}#{sub}", "{iss}#{sub}", false)]
    public void Two_issuers_whose_users_may_be_one_are_noted(string first, string second, bool noted)
    {
        var notes = ConfigFixture.Load($$"""
            { "identity": { "jwt": [
              { "issuer": "https://a.example", "audience": ["x"], "claims": { "user": "{{first}}" } },
              { "issuer": "https://b.example", "audience": ["x"], "claims": { "user": "{{second}}" } } ] } }
            """).Notes;
        Assert.Equal(noted ? 1 : 0, notes.Count);
        Assert.All(notes, static note => Assert.Contains("https://a.example and https://b.example", note, StringComparison.Ordinal));
    }

    [Fact]
    public void One_issuer_and_issuers_of_machines_are_not()
    {
        Assert.Empty(ConfigFixture.Load("""{ "identity": { "jwt": [ { "issuer": "https://a.example", "audience": ["x"] } ] } }""").Notes);
        Assert.Empty(ConfigFixture.Load("""
            { "identity": { "jwt": [ { "issuer": "https://a.example", "audience": ["x"] },
              { "preset": "github-actions", "audience": ["x"], "require": { "repository_owner": ["acme"] } } ] } }
            """).Notes);
    }
}
