using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>Where tokens are found, and the one rule for several credentials.</summary>
public sealed class IdentifierTests
{
    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("authorization", "bearer  ")]
    [InlineData("x-api-key", "")]
    [InlineData("x-goog-api-key", "")]
    [InlineData("api-key", "")]
    [InlineData("cf-aig-authorization", "Bearer ")]
    [InlineData("X-User-Token", "")]
    public async Task Token_is_found_where_SDKs_put_their_key_and_in_the_configured_header(string header, string scheme)
    {
        using var identity = new IdentityFixture($$"""{ "issuer": "{{IdentityFixture.Name}}", "audience": ["gateway"], "header": "X-User-Token" }""");
        var headers = new HeaderDictionary { [header] = scheme + identity.Issuer.Token() };
        var found = await identity.IdentifyAsync(headers);
        Assert.Equal("ann", found.Principal?.User);
        Assert.Equal(identity.Issuer.Token()[..30], found.TokenValue!.Substring(found.TokenStart, 30));
    }

    [Theory]
    [InlineData("Cf-Access-Jwt-Assertion")]
    [InlineData("X-Other")]
    public async Task Header_that_nothing_configures_is_not_read(string header)
    {
        using var identity = new IdentityFixture();
        Assert.Equal(CallerFaultKind.Key, (await identity.IdentifyAsync(new HeaderDictionary { [header] = identity.Issuer.Token() })).Fault?.Kind);
    }

    [Fact]
    public async Task Key_with_a_token_is_the_key_and_adds_the_person()
    {
        using var identity = new IdentityFixture($$"""
            { "issuer": "{{IdentityFixture.Name}}", "audience": ["gateway"], "claims": { "metadata": { "team": "team", "site": "site" }, "custom": { "level": "level" } } }
            """);
        var headers = IdentityFixture.Bearer(identity.Issuer.Token("""{"email":"a@b.c","groups":["people"],"team":"own","site":"x","level":[1,2]}"""));
        headers["x-api-key"] = IdentityFixture.Secret;
        var found = await identity.IdentifyAsync(headers);
        var principal = found.Principal!;
        Assert.Equal("x-api-key", found.Header);
        Assert.Equal(("bot", "review-bot", "ann", "a@b.c", IdentityFixture.Name), (principal.KeyName, principal.Service, principal.User, principal.Email, principal.Issuer));
        Assert.Equal(["bots", "people"], principal.Groups);
        Assert.Equal(("core", "x"), (principal.Metadata["team"], principal.Metadata["site"]));
        Assert.Equal(["1", "2"], principal.Claims["level"]);
        Assert.Same(principal, (await identity.IdentifyAsync(headers)).Principal);
        // The token alone is still only itself.
        Assert.Null((await identity.AcceptAsync(identity.Issuer.Token())).KeyName);
    }

    [Fact]
    public void Owner_of_a_key_gives_way_to_the_person_of_the_token_and_stays_where_it_names_none()
    {
        var key = new Principal { KeyName = "k", User = "ann", Email = "ann@x" };
        var person = PrincipalUnion.Of(key, new Principal { User = "bob" });
        Assert.Equal(("bob", null), (person.User, person.Email));
        var service = PrincipalUnion.Of(key, new Principal { Service = "ci", Email = "ci@x" });
        Assert.Equal(("ann", "ann@x", "ci"), (service.User, service.Email, service.Service));
    }

    [Fact]
    public async Task Invalid_credential_beside_a_valid_one_is_refused_and_not_ignored()
    {
        using var identity = new IdentityFixture();
        var expired = IdentityFixture.Bearer(identity.Issuer.Token("""{"exp":1}"""));
        expired["x-api-key"] = IdentityFixture.Secret;
        Assert.Equal(CallerFaultKind.Token, (await identity.IdentifyAsync(expired)).Fault?.Kind);

        var wrongKey = IdentityFixture.Bearer(identity.Issuer.Token());
        wrongKey["x-api-key"] = "egw_unknown";
        Assert.Equal(CallerFaultKind.Key, (await identity.IdentifyAsync(wrongKey)).Fault?.Kind);

        var foreign = IdentityFixture.Bearer(identity.Issuer.Token("""{"iss":"https://unknown.example"}"""));
        foreign["x-api-key"] = IdentityFixture.Secret;
        Assert.Equal(CallerFaultKind.Token, (await identity.IdentifyAsync(foreign)).Fault?.Kind);
    }

    [Fact]
    public async Task Two_tokens_are_refused_unless_they_are_the_same()
    {
        using var identity = new IdentityFixture();
        var headers = IdentityFixture.Bearer(identity.Issuer.Token());
        headers["x-api-key"] = identity.Issuer.Token();
        Assert.NotNull((await identity.IdentifyAsync(headers)).Principal);
        headers["x-api-key"] = identity.Issuer.Token("""{"sub":"bob"}""");
        Assert.Equal(CallerFaultKind.Token, (await identity.IdentifyAsync(headers)).Fault?.Kind);
        var twice = new HeaderDictionary { ["Authorization"] = new StringValues([$"Bearer {identity.Issuer.Token()}", $"Bearer {identity.Issuer.Token("""{"sub":"bob"}""")}"]) };
        Assert.Equal(CallerFaultKind.Token, (await identity.IdentifyAsync(twice)).Fault?.Kind);
    }

    [Fact]
    public async Task Configured_header_with_something_else_in_it_is_refused()
    {
        using var identity = new IdentityFixture($$"""{ "issuer": "{{IdentityFixture.Name}}", "audience": ["gateway"], "header": "X-User-Token" }""", anonymous: true);
        Assert.Equal(CallerFaultKind.Token, (await identity.IdentifyAsync(new HeaderDictionary { ["X-User-Token"] = "ann" })).Fault?.Kind);
        Assert.Same(Principal.Anonymous, (await identity.IdentifyAsync(new HeaderDictionary { ["X-User-Token"] = "" })).Principal);
    }

    [Fact]
    public async Task Anonymous_callers_are_let_in_and_an_invalid_token_does_not_become_one()
    {
        using var identity = new IdentityFixture(anonymous: true);
        Assert.Same(Principal.Anonymous, (await identity.IdentifyAsync([])).Principal);
        Assert.Same(Principal.Anonymous, (await identity.IdentifyAsync("sk-anything")).Principal);
        Assert.NotNull((await identity.IdentifyAsync(identity.Issuer.Token("""{"exp":1}"""))).Fault);
        Assert.NotNull((await identity.IdentifyAsync(identity.Issuer.Token("""{"iss":"x"}"""))).Fault);
        using var closed = new IdentityFixture();
        Assert.Equal(CallerFaultKind.Key, (await closed.IdentifyAsync([])).Fault?.Kind);
    }

    [Fact]
    public async Task With_passthrough_a_token_of_another_issuer_is_the_providers()
    {
        using var identity = new IdentityFixture(passthrough: true);
        var headers = IdentityFixture.Bearer(identity.Issuer.Token("""{"iss":"https://provider.example"}"""));
        headers["x-api-key"] = IdentityFixture.Secret;
        var found = await identity.IdentifyAsync(headers);
        Assert.Equal(("bot", null, null), (found.Principal?.KeyName, found.Principal?.User, found.TokenValue));
        headers["x-api-key"] = identity.Issuer.Token();
        Assert.Equal("ann", (await identity.IdentifyAsync(headers)).Principal?.User);
    }

    [Theory]
    [InlineData("""{"act":{"sub":"agent-7"}}""", "ann", "agent-7")]
    [InlineData("""{"act":{"sub":"agent-7","act":{"sub":"agent-1"}}}""", "ann", "agent-7")]
    [InlineData("""{"act":"agent-7"}""", "ann", null)]
    [InlineData("""{"agent":{"id":"configured"},"act":{"sub":"agent-7"}}""", "ann", "configured")]
    public async Task Agent_acts_for_its_user_and_both_are_named(string claims, string user, string? service)
    {
        using var identity = new IdentityFixture($$"""{ "issuer": "{{IdentityFixture.Name}}", "audience": ["gateway"], "claims": { "service": "agent.id" } }""");
        var principal = await identity.AcceptAsync(identity.Issuer.Token(claims));
        Assert.Equal((user, service), (principal.User, principal.Service));
    }

    [Fact]
    public async Task Caller_with_unknown_groups_is_refused_only_where_rules_ask_for_groups()
    {
        foreach (var overage in new[] { """{"hasgroups":true}""", """{"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{"endpoint":"https://graph"}}}""" })
        {
            using var strict = new IdentityFixture(rulesOnGroups: true);
            var fault = (await strict.IdentifyAsync(strict.Issuer.Token(overage))).Fault!;
            Assert.Equal((403, "groups_unknown"), (EdgeGw.Requests.Refusals.Unidentified(fault).Status, EdgeGw.Requests.Refusals.Unidentified(fault).Code));
            using var lax = new IdentityFixture();
            Assert.Equal(GroupsFault.TooMany, (await lax.AcceptAsync(lax.Issuer.Token(overage))).GroupsFault);
        }
    }

    [Fact]
    public async Task Groups_are_renamed_or_prefixed_and_claims_required()
    {
        using var identity = new IdentityFixture($$"""
            { "issuer": "{{IdentityFixture.Name}}", "audience": ["gateway"], "claims": { "user": ["login", "{tenant}:{sub}"], "groups": ["groups", "roles"] },
              "groups": { "prefix": "idp:", "rename": { "8f-1": "senior" } }, "require": { "tenant": ["acme", "acme-*"] } }
            """);
        var principal = await identity.AcceptAsync(identity.Issuer.Token("""{"tenant":"acme-eu","groups":["8f-1","x"],"roles":"y"}"""));
        Assert.Equal(["idp:x", "idp:y", "senior"], principal.Groups);
        Assert.Equal("acme-eu:ann", principal.User);
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token("""{"tenant":"evil"}""")));
        Assert.Equal(TokenFault.Claims, await identity.VerifyAsync(identity.Issuer.Token()));
    }
}
