using System.Net;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>Each preset with a token as its provider makes them.</summary>
public sealed class JwtPresetTests
{
    private const string Team = "https://acme.cloudflareaccess.com";
    private const string Tenant = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";

    [Fact]
    public async Task Cloudflare_access_names_people_by_mail_and_service_tokens_by_their_client_id()
    {
        using var identity = Access();
        var person = await AcceptAccessAsync(identity, """{"email":"Ann@acme.com","sub":"7335d417-61da","type":"app","identity_nonce":"n1","country":"US"}""");
        Assert.Equal(("Ann@acme.com", "ann@acme.com", null), (person.User, person.Email, person.Service));
        Assert.Equal(["engineers", "senior"], person.Groups);
        var service = await AcceptAccessAsync(identity, """{"common_name":"e367826f93b8.access","sub":"","type":"app"}""");
        Assert.Equal((null, null, "e367826f93b8.access"), (service.User, service.Email, service.Service));
        // Of a person with a client certificate the common name is no service.
        Assert.Null((await AcceptAccessAsync(identity, """{"email":"bob@acme.com","common_name":"laptop","sub":"s2","type":"app","identity_nonce":"n2"}""")).Service);
        Assert.NotNull((await IdentifyAccessAsync(identity, """{"email":"ann@acme.com","sub":"7335d417-61da","type":"org"}""")).Fault);
        Assert.DoesNotContain("openid-configuration", string.Join(' ', identity.Issuer.Answers.Keys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloudflare_access_groups_are_asked_for_once_in_a_session_and_again_after_minutes()
    {
        using var identity = Access();
        const string Claims = """{"email":"ann@acme.com","sub":"7335d417-61da","type":"app","identity_nonce":"n1"}""";
        await AcceptAccessAsync(identity, Claims);
        var asked = identity.Issuer.Asked;
        await AcceptAccessAsync(identity, Claims);
        await AcceptAccessAsync(identity, Claims.Replace("}", ",\"iat\":1}", StringComparison.Ordinal));
        Assert.Equal(asked, identity.Issuer.Asked);

        identity.Issuer.Answers[Team + "/cdn-cgi/access/get-identity"] = _ => FakeIssuer.Json("""{"groups":[{"name":"alumni"}],"user_uuid":"7335d417-61da"}""");
        identity.Clock.Now += AccessGroups.Fresh;
        Assert.Equal(["alumni"], (await AcceptAccessAsync(identity, Claims)).Groups);
    }

    [Theory]
    [InlineData("""{"groups":[{"name":"engineers"}],"user_uuid":"somebody-else"}""", HttpStatusCode.OK)]
    [InlineData("""{"groups":"engineers","user_uuid":"s"}""", HttpStatusCode.OK)]
    [InlineData("<html>sign in</html>", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.Found)]
    [InlineData("", HttpStatusCode.InternalServerError)]
    public async Task Cloudflare_access_groups_that_cannot_be_read_refuse_where_rules_ask_for_them(string answer, HttpStatusCode status)
    {
        using var identity = Access(rulesOnGroups: true);
        const string Claims = """{"email":"ann@acme.com","sub":"s","type":"app","identity_nonce":"n1"}""";
        identity.Issuer.Answers[Team + "/cdn-cgi/access/get-identity"] = _ => new HttpResponseMessage(status) { Content = new StringContent(answer) };
        Assert.Equal(CallerFaultKind.Unavailable, (await IdentifyAccessAsync(identity, Claims)).Fault?.Kind);
        var asked = identity.Issuer.Asked;
        Assert.Equal(CallerFaultKind.Unavailable, (await IdentifyAccessAsync(identity, Claims)).Fault?.Kind);
        Assert.Equal(asked, identity.Issuer.Asked);

        identity.Issuer.Answers[Team + "/cdn-cgi/access/get-identity"] = _ => FakeIssuer.Json("""{"groups":["g"],"user_uuid":"s"}""");
        identity.Clock.Now += AccessGroups.Pause;
        Assert.Equal(["g"], (await AcceptAccessAsync(identity, Claims)).Groups);
    }

    [Fact]
    public async Task Entra_id_names_people_by_object_id_and_applications_by_client_id()
    {
        using var identity = Of("entra-id", Tenant);
        var person = await identity.AcceptAsync(identity.Issuer.Token("""
            {"oid":"00000000-1111","tid":"72f988bf","preferred_username":"ann@acme.com","email":"spoofed@acme.com","name":"Ann","groups":["8f1e-1"],"roles":["Reader"],
             "azp":"client-1","scp":"access","ver":"2.0","uti":"x","rh":"0.AAA"}
            """));
        Assert.Equal(("00000000-1111", "ann@acme.com", null), (person.User, person.Email, person.Service));
        Assert.Equal(["8f1e-1", "Reader"], person.Groups);
        var application = await identity.AcceptAsync(identity.Issuer.Token("""{"oid":"sp-1","azp":"client-1","idtyp":"app","roles":["Task.Run"]}"""));
        Assert.Equal((null, "client-1"), (application.User, application.Service));
    }

    [Fact]
    public async Task Okta_names_people_with_their_groups()
    {
        using var identity = Of("okta", "https://acme.okta.com/oauth2/default");
        var person = await identity.AcceptAsync(identity.Issuer.Token("""{"ver":1,"jti":"AT.1","cid":"0oa1","uid":"00u1","scp":["openid"],"sub":"ann@acme.com","groups":["Everyone","ml"]}"""));
        Assert.Equal("ann@acme.com", person.User);
        Assert.Equal(["Everyone", "ml"], person.Groups);
    }

    [Fact]
    public async Task Google_counts_only_people_of_the_domain_that_is_required()
    {
        const string Google = "https://accounts.google.com";
        using var identity = new IdentityFixture("""{ "preset": "google", "audience": ["gateway"], "require": { "hd": ["acme.com"] } }""", Google);
        identity.Issuer.Answers["https://www.googleapis.com/oauth2/v3/certs"] = _ => FakeIssuer.Json(identity.Issuer.KeysDocument);
        var person = await identity.AcceptAsync(identity.Issuer.Token("""{"azp":"x","sub":"110169484474386276334","hd":"acme.com","email":"ann@acme.com","email_verified":true}"""));
        Assert.Equal(("110169484474386276334", "ann@acme.com"), (person.User, person.Email));
        Assert.Null((await identity.AcceptAsync(identity.Issuer.Token("""{"sub":"2","hd":"acme.com","email":"ann@acme.com","email_verified":false}"""))).Email);
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token("""{"sub":"3","hd":"evil.com"}""")));
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token("""{"sub":"4","email":"ann@gmail.com"}""")));
    }

    [Fact]
    public async Task Keycloak_has_roles_as_groups_and_service_accounts_as_services()
    {
        using var identity = Of("keycloak", "https://sso.acme.com/realms/main");
        var person = await identity.AcceptAsync(identity.Issuer.Token("""
            {"typ":"Bearer","azp":"web","sub":"f7a1","email":"ann@acme.com","email_verified":true,"preferred_username":"ann","groups":["/ml"],"realm_access":{"roles":["admin"]}}
            """));
        Assert.Equal(("f7a1", "ann@acme.com", null), (person.User, person.Email, person.Service));
        Assert.Equal(["/ml", "admin"], person.Groups);
        var service = await identity.AcceptAsync(identity.Issuer.Token("""{"azp":"bot","client_id":"bot","sub":"9c","preferred_username":"service-account-bot"}"""));
        Assert.Equal((null, "bot"), (service.User, service.Service));
    }

    [Fact]
    public async Task Kubernetes_service_account_is_a_service()
    {
        using var identity = Of("kubernetes", "https://kubernetes.default.svc.cluster.local");
        var service = await identity.AcceptAsync(identity.Issuer.Token("""
            {"sub":"system:serviceaccount:prod:summarizer","kubernetes.io":{"namespace":"prod","serviceaccount":{"name":"summarizer","uid":"u"},"pod":{"name":"p"}}}
            """));
        Assert.Equal((null, "prod:summarizer"), (service.User, service.Service));
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token("""{"sub":"system:node:n1"}""")));
    }

    [Fact]
    public async Task Github_workflow_is_a_service_of_the_owner_that_is_required()
    {
        const string Github = "https://token.actions.githubusercontent.com";
        using var identity = new IdentityFixture("""{ "preset": "github-actions", "audience": ["gateway"], "require": { "repository_owner": ["acme"] } }""", Github);
        const string Claims = """
            {"sub":"repo:acme/app:ref:refs/heads/main","ref":"refs/heads/main","repository":"acme/app","repository_owner":"acme","workflow":"CI","actor":"ann","event_name":"push"}
            """;
        var service = await identity.AcceptAsync(identity.Issuer.Token(Claims));
        Assert.Equal((null, "acme/app/CI"), (service.User, service.Service));
        Assert.Equal(("acme/app", "ann", "refs/heads/main"), (service.Metadata["repository"], service.Metadata["actor"], service.Metadata["ref"]));
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token(Claims.Replace("\"repository_owner\":\"acme\"", "\"repository_owner\":\"evil\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_preset_stands_in_the_schema()
    {
        using var schema = JsonDocument.Parse(ConfigSchema.Text);
        var names = schema.RootElement.GetProperty("properties").GetProperty("identity").GetProperty("properties").GetProperty("jwt").GetProperty("items")
            .GetProperty("properties").GetProperty("preset").GetProperty("enum").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(JwtPreset.All.Select(preset => preset.Name), names);
    }

    private static IdentityFixture Of(string preset, string issuer) => new($$"""{ "preset": "{{preset}}", "issuer": "{{issuer}}", "audience": ["gateway"] }""", issuer);

    private static IdentityFixture Access(bool rulesOnGroups = false)
    {
        var identity = new IdentityFixture($$"""
            { "preset": "cloudflare-access", "issuer": "{{Team}}", "audience": ["gateway"], "groups": { "rename": { "5f2a": "senior" } } }
            """, Team, rulesOnGroups: rulesOnGroups);
        identity.Issuer.Answers[Team + "/cdn-cgi/access/certs"] = _ => FakeIssuer.Json(identity.Issuer.KeysDocument.Replace("{\"keys\"", "{\"public_cert\":{\"kid\":\"k1\",\"cert\":\"x\"},\"keys\"", StringComparison.Ordinal));
        identity.Issuer.Answers[Team + "/cdn-cgi/access/get-identity"] = request =>
            request.Headers.GetValues("Cookie").Single().StartsWith("CF_Authorization=ey", StringComparison.Ordinal)
                ? FakeIssuer.Json("""{"id":"1","name":"Ann","email":"ann@acme.com","groups":[{"id":"5f2a"},{"id":"x","name":"engineers"}]}""")
                : new HttpResponseMessage(HttpStatusCode.Forbidden);
        return identity;
    }

    private static ValueTask<Identification> IdentifyAccessAsync(IdentityFixture identity, string claims) =>
        identity.IdentifyAsync(new Microsoft.AspNetCore.Http.HeaderDictionary { ["Cf-Access-Jwt-Assertion"] = identity.Issuer.Token(claims, """{"alg":"RS256","kid":"k1"}""") });

    private static async Task<Principal> AcceptAccessAsync(IdentityFixture identity, string claims)
    {
        var identification = await IdentifyAccessAsync(identity, claims);
        Assert.Null(identification.Fault);
        return identification.Principal!;
    }
}
