using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;

namespace EdgeGw.Tests.Configuration;

public sealed class JwtConfigTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "¶{\"audience\": [\"a\"]}", "\"issuer\" is missing" },
        { "¶{\"preset\": \"okta\", \"audience\": [\"a\"]}", "\"issuer\" is missing: https://YOUR-ORG.okta.com/oauth2/default" },
        { "¶{\"issuer\": \"https://i\"}", "\"audience\" is missing" },
        { "{\"issuer\": \"https://i\", \"audience\": ¶[]}", ".audience: is empty" },
        { "{\"issuer\": ¶\"i.example\", \"audience\": [\"a\"]}", ".issuer: must be an absolute http:// or https:// address" },
        { "{\"issuer\": ¶\"http://i.example\", \"audience\": [\"a\"], \"allow_http\": true}", ".issuer: must be https: who can change an issuer's keys on the way can be anybody" },
        { "{\"issuer\": ¶\"http://127.0.0.1:1\", \"audience\": [\"a\"]}", ".issuer: must be https; on loopback \"allow_http\": true allows http" },
        { "{\"issuer\": ¶\"https://u@i\", \"audience\": [\"a\"]}", ".issuer: must not hold a user name or password" },
        { "{\"issuer\": ¶\"https://i/?a\", \"audience\": [\"a\"]}", ".issuer: must not hold a query" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"jwks_uri\": ¶\"http://i/keys\"}", ".jwks_uri: must be https: who can change an issuer's keys on the way can be anybody" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"algorithms\": ¶[\"HS256\"]}", ".algorithms: \"HS256\" is no algorithm that tokens may be signed with here: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"algorithms\": ¶[]}", ".algorithms: is empty" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"header\": ¶\"X_Token\"}", ".header: \"X_Token\" must be a header's name: letters, digits and \"-\"" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"claims\": {\"user\": ¶\"{a\"}}", ".claims.user: \"{a\" must be a claim's path, such as \"realm_access.roles\", or a text with paths in braces, such as \"{repository}/{workflow}\"" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"claims\": {¶\"usr\": \"a\"}}", ".claims.usr: unknown name in claims; did you mean \"user\"?" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"groups\": {¶\"map\": {}}}", ".groups.map: unknown name in groups" },
        { "{\"issuer\": \"https://i\", \"audience\": [\"a\"], \"require\": {\"hd\": ¶[]}}", ".require.hd: is empty" },
        { "{\"preset\": ¶\"octa\", \"issuer\": \"https://i\", \"audience\": [\"a\"]}", ".preset: unknown preset \"octa\"; did you mean \"okta\"?" },
        { "{\"preset\": \"entra-id\", \"issuer\": ¶\"https://login.microsoftonline.com/common/v2.0\", \"audience\": [\"a\"]}", ".issuer: names no tenant, so anyone's would do; write https://login.microsoftonline.com/TENANT-ID/v2.0" },
        { Entra("\"client_id\": \"c\", \"client_secret\": ¶\"\""), ".graph.client_secret: is empty" },
        { Entra("\"client_id\": \"c\", \"client_secret\": \"s\", \"groups_endpoint\": ¶\"https://graph/me\""), ".graph.groups_endpoint: must hold {oid} where the user's object id goes" },
        { Entra("\"client_id\": \"c\", \"client_secret\": \"s\", \"token_endpoint\": ¶\"http://login/token\""), ".graph.token_endpoint: must be https: who can change an issuer's keys on the way can be anybody" },
        { "{\"preset\": \"entra-id\", \"issuer\": \"https://acme.ciamlogin.com/x\", \"audience\": [\"a\"], \"graph\": ¶{\"client_id\": \"c\", \"client_secret\": \"s\"}}", ".graph: \"token_endpoint\" is missing, and the issuer's address does not tell it" },
        { "{\"preset\": \"okta\", \"issuer\": \"https://i/t/v2.0\", \"audience\": [\"a\"], \"graph\": ¶{\"client_id\": \"c\", \"client_secret\": \"s\"}}", ".graph: asks Microsoft Graph, which knows the users of Entra ID alone: it goes with \"preset\": \"entra-id\"" },
        { "¶{\"preset\": \"google\", \"audience\": [\"a\"]}", ": anybody can have tokens of this issuer: say whose count here, \"require\": { \"hd\": [\"…\"] }" },
        { "¶{\"preset\": \"github-actions\", \"audience\": [\"a\"]}", ": anybody can have tokens of this issuer: say whose count here, \"require\": { \"repository_owner\": [\"…\"] }" },
    };

    [Theory]
    [InlineData("https://login.microsoftonline.com/t1/v2.0", "https://login.microsoftonline.com/t1/oauth2/v2.0/token")]
    [InlineData("https://sts.windows.net/t1/", "https://login.microsoftonline.com/t1/oauth2/v2.0/token")]
    public void Graph_is_asked_as_an_application_of_the_issuers_tenant_and_its_secret_is_not_told(string issuer, string tokens)
    {
        var jwt = ConfigFixture.LoadGood(
            $$$"""{"identity": {"jwt": [{"preset": "entra-id", "issuer": "{{{issuer}}}", "audience": ["a"], "graph": {"client_id": "c1", "client_secret": "${SECRET}"}}]}}""", ("SECRET", "s3cret")).Identity.Jwt[0];
        Assert.Equal(new GraphConfig("c1", "s3cret", "https://graph.microsoft.com/v1.0/users/{oid}/getMemberObjects", new Uri(tokens)), jwt.Graph);
        Assert.DoesNotContain("s3cret", jwt.ToString(), StringComparison.Ordinal);
        Assert.True(ConfigEquality.Same(jwt, jwt with { Graph = jwt.Graph! with { } }));
        Assert.False(ConfigEquality.Same(jwt, jwt with { Graph = jwt.Graph! with { ClientSecret = "rotated" } }));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_points_at_its_place_and_says_what_to_do(string issuer, string message)
    {
        var (json, place) = ConfigFixture.TakeMark($$$"""{"identity": {"jwt": [{{{issuer}}}]}}""");
        var fault = Assert.Single(ConfigFixture.FaultsOf(json));
        Assert.StartsWith($"{place}: ", fault, StringComparison.Ordinal);
        Assert.EndsWith(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Issuer_stands_once()
    {
        const string One = "{\"issuer\": \"https://i\", \"audience\": [\"a\"]}";
        Assert.EndsWith("is the issuer of line 1 already: list all its audiences there", Assert.Single(ConfigFixture.FaultsOf($$$"""{"identity": {"jwt": [{{{One}}}, {{{One}}}]}}""")), StringComparison.Ordinal);
    }

    [Fact]
    public void Loopback_may_speak_http_where_that_is_allowed() =>
        Assert.Equal("http://127.0.0.1:1/", ConfigFixture.LoadGood("""{"identity": {"jwt": [{"issuer": "http://127.0.0.1:1/", "audience": ["a"], "allow_http": true}]}}""").Identity.Jwt[0].Issuer);

    [Fact]
    public void What_the_file_says_goes_before_the_preset()
    {
        var jwt = ConfigFixture.LoadGood("""
            {"identity": {"jwt": [{"preset": "keycloak", "issuer": "https://i", "audience": ["a"], "algorithms": ["PS256"], "header": "X-T",
              "claims": {"user": "preferred_username", "groups": ["a", "b"], "service": "agent"}}]}}
            """).Identity.Jwt[0];
        Assert.Equal(["PS256"], jwt.Algorithms);
        Assert.Equal(["{preferred_username}"], jwt.User);
        Assert.Equal(["{a}", "{b}"], jwt.Groups);
        Assert.Equal(["{agent}"], jwt.Service);
        Assert.Null(jwt.MachineWhen);
        Assert.Equal("X-T", jwt.Header);
        Assert.Equal(["{email}"], jwt.Email);
    }

    [Fact]
    public void Examples_of_the_documentation_load()
    {
        var blocks = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "identity.md")).Split("```jsonc\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToArray();
        Assert.Single(ConfigFixture.LoadGood($"{{{blocks[0]}}}").Identity.Jwt);
        var presets = blocks[1].Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal(JwtPreset.All.Select(preset => preset.Name), ConfigFixture.LoadGood($"{{\"identity\": {{\"jwt\": [{string.Join(",\n", presets)}]}}}}").Identity.Jwt.Select(jwt => jwt.Preset));
    }

    private static string Entra(string graph) => "{\"preset\": \"entra-id\", \"issuer\": \"https://login.microsoftonline.com/t/v2.0\", \"audience\": [\"a\"], \"graph\": {" + graph + "}}";
}
