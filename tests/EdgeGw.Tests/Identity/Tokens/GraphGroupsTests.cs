using System.Net;
using System.Text;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>Groups that Entra ID leaves out of a token, from a Microsoft Graph made after its documentation.</summary>
public sealed class GraphGroupsTests : IDisposable
{
    private const string Tenant = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47";
    private const string TokenEndpoint = Tenant + "/oauth2/v2.0/token";
    private const string Ann = "6e7b768e-07e2-4810-8459-485f84f8f204";
    private const string Bob = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
    private const string Elsewhere = "https://graph.microsoft.com.evil.example/next";

    private readonly IdentityFixture _identity = new(
        $$"""
        { "preset": "entra-id", "issuer": "{{Tenant}}/v2.0", "audience": ["gateway"], "groups": { "rename": { "g-1": "senior" } },
          "graph": { "client_id": "app-1", "client_secret": "s&cret=1" } }
        """, Tenant + "/v2.0", rulesOnGroups: true);

    private readonly List<string> _tokenForms = [];
    private readonly List<string> _asked = [];

    public GraphGroupsTests()
    {
        _identity.Issuer.Answers[TokenEndpoint] = request =>
        {
            lock (_tokenForms)
            {
                _tokenForms.Add(BodyOf(request));
                return FakeIssuer.Json($$"""{"token_type":"Bearer","expires_in":3599,"access_token":"app-token-{{_tokenForms.Count}}"}""");
            }
        };
        foreach (var user in new[] { Ann, Bob })
        {
            Answer(user, () => FakeIssuer.Json("""{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)","value":["g-1","g-2"]}"""));
        }
    }

    public void Dispose() => _identity.Dispose();

    [Theory]
    [InlineData("\"hasgroups\":true")]
    [InlineData("\"_claim_names\":{\"groups\":\"src1\"},\"_claim_sources\":{\"src1\":{\"endpoint\":\"https://evil.example/me\"}}")]
    public async Task User_with_too_many_groups_for_a_token_has_those_of_graph_beside_its_roles(string overage)
    {
        var person = await _identity.AcceptAsync(Token(Ann, overage + ",\"roles\":[\"Reader\"]"));
        Assert.Equal(["Reader", "g-2", "senior"], person.Groups);
        Assert.Equal((GroupsFault.None, Ann), (person.GroupsFault, person.User));
        Assert.Equal(["grant_type=client_credentials&client_id=app-1&client_secret=s%26cret%3D1&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"], _tokenForms);
        Assert.Equal([$$"""POST {{Address(Ann)}} Bearer app-token-1 application/json {"securityEnabledOnly":true}"""], _asked);
    }

    [Fact]
    public async Task Pages_are_read_to_the_last_at_graph_alone()
    {
        const string Next = "https://graph.microsoft.com/v1.0/more?$skiptoken=2";
        Answer(Ann, () => FakeIssuer.Json($$"""{"value":["g-1"],"@odata.nextLink":"{{Next}}"}"""));
        Answer(new Uri(Next), () => FakeIssuer.Json("""{"value":["g-9"]}"""));
        Assert.Equal(["g-9", "senior"], (await _identity.AcceptAsync(Token(Ann))).Groups);
        Assert.Equal("GET https://graph.microsoft.com/v1.0/more?$skiptoken=2 Bearer app-token-1", _asked[^1]);
    }

    [Fact]
    public async Task Token_that_lists_its_groups_and_one_of_an_application_are_not_asked_about()
    {
        Assert.Equal(["g-7"], (await _identity.AcceptAsync(_identity.Issuer.Token($$"""{"oid":"{{Ann}}","groups":["g-7"]}"""))).Groups);
        Assert.Empty((await _identity.AcceptAsync(_identity.Issuer.Token($$"""{"oid":"{{Bob}}"}"""))).Groups);
        var application = (await _identity.IdentifyAsync(_identity.Issuer.Token($$"""{"oid":"{{Ann}}","azp":"c","idtyp":"app","hasgroups":true}"""))).Fault!;
        Assert.Equal("groups_unknown", EdgeGw.Requests.Refusals.Unidentified(application).Code);
        Assert.Empty(_asked);
        Assert.Empty(_tokenForms);
    }

    [Fact]
    public async Task Answer_counts_for_minutes_and_an_access_token_until_shortly_before_its_end()
    {
        await _identity.AcceptAsync(Token(Ann));
        await _identity.AcceptAsync(Token(Ann));
        await _identity.AcceptAsync(Token(Ann, "\"hasgroups\":true,\"iat\":1"));
        await _identity.AcceptAsync(Token(Bob));
        Assert.Equal((2, 1), (_asked.Count, _tokenForms.Count));

        Answer(Ann, () => FakeIssuer.Json("""{"value":["alumni"]}"""));
        _identity.Clock.Now += GroupLookup.Fresh - TimeSpan.FromSeconds(1);
        Assert.Equal(["g-2", "senior"], (await _identity.AcceptAsync(Token(Ann))).Groups);
        _identity.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(["alumni"], (await _identity.AcceptAsync(Token(Ann))).Groups);
        Assert.Equal((3, 1), (_asked.Count, _tokenForms.Count));

        _identity.Clock.Now = IssuerClock.Start.AddMinutes(54).AddSeconds(59);
        await _identity.AcceptAsync(Token(Ann));
        Assert.Equal(2, _tokenForms.Count);
    }

    [Fact]
    public async Task Callers_at_once_share_one_flight()
    {
        await _identity.VerifyAsync(_identity.Issuer.Token());
        var gate = new TaskCompletionSource();
        _identity.Issuer.Gate = gate.Task;
        var calls = Enumerable.Range(0, 8).Select(i => _identity.AcceptAsync(Token(i % 2 == 0 ? Ann : Bob, $"\"hasgroups\":true,\"jti\":\"{i}\""))).ToArray();
        gate.SetResult();
        foreach (var person in await Task.WhenAll(calls))
        {
            Assert.Equal(["g-2", "senior"], person.Groups);
        }
        Assert.Equal((2, 1), (_asked.Count, _tokenForms.Count));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "")]
    [InlineData(HttpStatusCode.Found, "")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":[\"g-1\",7]}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":[\"g-1\",\"a\\u0007\"]}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":[\"g-1\"],\"@odata.nextLink\":\"https://graph.microsoft.com.evil.example/next\"}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":[\"g-1\"],\"@odata.nextLink\":\"/next\"}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":[\"g-1\"],\"@odata.nextLink\":\"https://graph.microsoft.com/endless\"}")]
    [InlineData(HttpStatusCode.OK, "long")]
    public async Task Groups_that_cannot_be_had_refuse_and_nobody_asks_again_at_once(HttpStatusCode status, string answer)
    {
        await _identity.AcceptAsync(Token(Ann));
        _identity.Clock.Now += GroupLookup.Fresh;
        answer = answer == "long" ? $"{{\"value\":[\"{new string('x', 300_000)}\"]}}" : answer;
        HttpResponseMessage Failing() => new(status) { Content = new StringContent(answer), Headers = { Location = new Uri(Elsewhere) } };
        Answer(Ann, Failing);
        Answer(new Uri("https://graph.microsoft.com/endless"), Failing);
        Answer(new Uri(Elsewhere), () => FakeIssuer.Json("""{"value":["admin"]}"""));

        Assert.Equal(CallerFaultKind.Unavailable, (await _identity.IdentifyAsync(Token(Ann))).Fault?.Kind);
        var asked = _asked.Count;
        Assert.InRange(asked, 2, 21);
        Assert.Equal(CallerFaultKind.Unavailable, (await _identity.IdentifyAsync(Token(Ann, "\"hasgroups\":true,\"iat\":1"))).Fault?.Kind);
        Assert.Equal(asked, _asked.Count);
        Assert.DoesNotContain(_asked, line => line.Contains("evil", StringComparison.Ordinal));

        Answer(Ann, () => FakeIssuer.Json("""{"value":["g-3"]}"""));
        _identity.Clock.Now += GroupLookup.Pause;
        Assert.Equal(["g-3"], (await _identity.AcceptAsync(Token(Ann))).Groups);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "{\"error\":\"invalid_client\"}")]
    [InlineData(HttpStatusCode.OK, "{\"access_token\":\"a b\",\"expires_in\":3599}")]
    [InlineData(HttpStatusCode.OK, "{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":3599}")]
    [InlineData(HttpStatusCode.OK, "{\"access_token\":\"a\"}")]
    [InlineData(HttpStatusCode.OK, "[]")]
    public async Task Access_token_that_cannot_be_had_refuses_every_such_user_and_is_asked_for_once_in_a_while(HttpStatusCode status, string answer)
    {
        var good = _identity.Issuer.Answers[TokenEndpoint];
        var times = 0;
        _identity.Issuer.Answers[TokenEndpoint] = _ =>
        {
            times++;
            return new HttpResponseMessage(status) { Content = new StringContent(answer) };
        };
        foreach (var user in new[] { Ann, Bob })
        {
            Assert.Equal(CallerFaultKind.Unavailable, (await _identity.IdentifyAsync(Token(user))).Fault?.Kind);
        }
        Assert.Equal((1, 0), (times, _asked.Count));
        _identity.Issuer.Answers[TokenEndpoint] = good;
        _identity.Clock.Now += GroupLookup.Pause;
        Assert.Equal(["g-2", "senior"], (await _identity.AcceptAsync(Token(Ann))).Groups);
    }

    [Fact]
    public async Task Access_token_of_before_a_permission_was_granted_is_replaced_after_a_minute()
    {
        foreach (var user in new[] { Ann, Bob })
        {
            Answer(user, () => _asked[^1].Contains("app-token-1", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Forbidden) : FakeIssuer.Json("""{"value":["g-2"]}"""));
        }
        foreach (var user in new[] { Ann, Bob })
        {
            Assert.Equal(CallerFaultKind.Unavailable, (await _identity.IdentifyAsync(Token(user))).Fault?.Kind);
        }
        Assert.Single(_tokenForms);
        _identity.Clock.Now += GraphGroups.LeastTokenAge;
        Assert.Equal(CallerFaultKind.Unavailable, (await _identity.IdentifyAsync(Token(Ann))).Fault?.Kind);
        _identity.Clock.Now += GroupLookup.Pause;
        Assert.Equal(["g-2"], (await _identity.AcceptAsync(Token(Ann))).Groups);
        Assert.Equal(2, _tokenForms.Count);
    }

    [Theory]
    [InlineData("\"oid\":\"../../applications\"")]
    [InlineData("\"oid\":\"6e7b768e-07e2-4810-8459-485f84f8f204/../x\"")]
    [InlineData("\"upn\":\"ann@acme.com\"")]
    public async Task Token_without_a_plain_object_id_asks_for_nothing(string claims)
    {
        var identification = await _identity.IdentifyAsync(_identity.Issuer.Token($"{{{claims},\"hasgroups\":true}}"));
        Assert.NotNull(identification.Fault);
        Assert.Empty(_asked);
    }

    private string Token(string user, string overage = "\"hasgroups\":true") => _identity.Issuer.Token($$"""{"oid":"{{user}}","exp":{{IssuerClock.Start.AddHours(3).ToUnixTimeSeconds()}},{{overage}}}""");

    private static string Address(string user) => $"https://graph.microsoft.com/v1.0/users/{user}/getMemberObjects";

    private void Answer(string user, Func<HttpResponseMessage> answer) => Answer(new Uri(Address(user)), answer);

    private void Answer(Uri address, Func<HttpResponseMessage> answer) => _identity.Issuer.Answers[address.AbsoluteUri] = request =>
    {
        lock (_asked)
        {
            _asked.Add($"{request.Method} {address.AbsoluteUri} {request.Headers.Authorization} {request.Content?.Headers.ContentType?.MediaType} {BodyOf(request)}".TrimEnd());
            return answer();
        }
    };

    private static string BodyOf(HttpRequestMessage request) => request.Content is { } content ? new StreamReader(content.ReadAsStream(), Encoding.UTF8).ReadToEnd() : "";
}
