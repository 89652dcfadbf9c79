using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.Identity.Tokens;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>Which tokens are accepted: the attacks of RFC 8725 section 2, and the edges of each check.</summary>
public sealed class TokenIssuerTests : IDisposable
{
    private readonly IdentityFixture _identity = new();

    private FakeIssuer Issuer => _identity.Issuer;

    public void Dispose() => _identity.Dispose();

    [Fact]
    public async Task Token_of_the_issuer_is_its_subject()
    {
        var principal = await _identity.AcceptAsync(Issuer.Token("""{"email":"Ann@Example.com","groups":["b","a","a"]}"""));
        Assert.Equal(("ann", "ann@example.com", null, IdentityFixture.Name), (principal.User, principal.Email, principal.Service, principal.Issuer));
        Assert.Equal(["a", "b"], principal.Groups);
        Assert.Contains($"edgegw_identity_tokens_total{{issuer=\"{IdentityFixture.Name}\",result=\"verified\"}} 1\n", _identity.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_on_an_elliptic_curve_is_accepted()
    {
        Issuer.Keys["e1"] = FakeIssuer.Ec;
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token("{}", """{"alg":"ES256","kid":"e1"}""", FakeIssuer.Ec)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("PS256")]
    [InlineData("RS384")]
    [InlineData("rs256")]
    [InlineData("EdDSA")]
    public async Task Algorithm_that_is_not_listed_is_refused(string algorithm) =>
        Assert.Equal(TokenFault.Algorithm, await _identity.VerifyAsync(Issuer.Token("{}", $$"""{"alg":"{{algorithm}}","kid":"k1"}""")));

    [Fact]
    public async Task Public_key_is_no_shared_secret()
    {
        // RFC 8725 section 2.1: the attacker signs with HMAC under what everybody knows.
        var text = $"{FakeIssuer.Part("""{"alg":"HS256","kid":"k1"}""")}.{Issuer.Token().Split('.')[1]}";
        foreach (var secret in new[] { FakeIssuer.Rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(FakeIssuer.Rsa.ExportSubjectPublicKeyInfoPem()), FakeIssuer.Rsa.ExportParameters(false).Modulus! })
        {
            Assert.Equal(TokenFault.Algorithm, await _identity.VerifyAsync($"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}"));
        }
    }

    [Fact]
    public async Task Key_of_another_type_than_the_algorithms_is_not_used()
    {
        Issuer.Keys["e1"] = FakeIssuer.Ec;
        Assert.Equal(TokenFault.UnknownKey, await _identity.VerifyAsync(Issuer.Token("{}", """{"alg":"ES256","kid":"k1"}""", FakeIssuer.Ec)));
        Assert.Equal(TokenFault.UnknownKey, await _identity.VerifyAsync(Issuer.Token("{}", """{"alg":"RS256","kid":"e1"}""")));
    }

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("alg", "PS256")]
    [InlineData("key_ops", "[\"sign\"]")]
    [InlineData("n", "AQAB")]
    public async Task Key_for_another_purpose_is_not_used(string name, string value)
    {
        var key = FakeIssuer.KeyOf("k1", FakeIssuer.Rsa);
        key[name] = value.StartsWith('[') ? JsonNode.Parse(value) : value;
        var spare = FakeIssuer.KeyOf("spare", FakeIssuer.OtherRsa);
        Issuer.Answers[Issuer.KeysAddress] = _ => FakeIssuer.Json(new JsonObject { ["keys"] = new JsonArray(key.DeepClone(), spare.DeepClone()) }.ToJsonString());
        Assert.Equal(TokenFault.UnknownKey, await _identity.VerifyAsync(Issuer.Token()));
    }

    [Fact]
    public async Task Certificate_beside_a_key_changes_nothing()
    {
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=x", FakeIssuer.OtherRsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(IssuerClock.Start.AddYears(-1), IssuerClock.Start.AddYears(1));
        var key = FakeIssuer.KeyOf("k1", FakeIssuer.Rsa);
        key["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData));
        Issuer.Answers[Issuer.KeysAddress] = _ => FakeIssuer.Json(new JsonObject { ["keys"] = new JsonArray(key.DeepClone()) }.ToJsonString());
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token()));
        Assert.Equal(TokenFault.Signature, await _identity.VerifyAsync(Issuer.Token(key: FakeIssuer.OtherRsa)));
    }

    [Fact]
    public async Task Forged_token_is_called_that_whatever_else_is_wrong_with_it()
    {
        var forged = Issuer.Token("""{"exp":1,"aud":"x"}""", key: FakeIssuer.OtherRsa);
        Assert.Equal(TokenFault.Signature, await _identity.VerifyAsync(forged));
        // Who cannot sign learns nothing, not even whom we trust.
        var told = (await _identity.IdentifyAsync(forged)).Fault;
        Assert.Equal(told, (await _identity.IdentifyAsync(Issuer.Token("""{"iss":"https://unknown.example"}"""))).Fault);
        Assert.Equal(told, (await _identity.IdentifyAsync(Issuer.Token("{}", """{"alg":"RS256","kid":"nope"}"""))).Fault);
        Assert.Equal(EdgeGw.Identity.CallerFaultKind.Token, told!.Kind);
    }

    [Fact]
    public async Task Any_changed_character_of_a_token_makes_it_another()
    {
        var token = Issuer.Token();
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(token));
        var known = (await _identity.IdentifyAsync(token)).Principal;
        // The last character of a signature has bits that say nothing: changing only those keeps it valid, and no harm is done.
        for (var i = 0; i < token.Length - 1; i += 7)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.True(token[i] == '.' || (await _identity.IdentifyAsync(changed)).Principal is null, $"accepted with character {i} changed");
        }
        Assert.NotNull(known);
    }

    [Theory]
    [InlineData("""{"iss":"https://idp.example/realm/"}""", TokenFault.UnknownIssuer)]
    [InlineData("""{"iss":"https://IDP.example/realm"}""", TokenFault.UnknownIssuer)]
    [InlineData("""{"aud":"gateway/"}""", TokenFault.Audience)]
    [InlineData("""{"aud":"Gateway"}""", TokenFault.Audience)]
    [InlineData("""{"aud":[]}""", TokenFault.Audience)]
    [InlineData("""{"aud":null}""", TokenFault.Audience)]
    [InlineData("""{"aud":["x","gateway"]}""", TokenFault.None)]
    [InlineData("""{"sub":null}""", TokenFault.Claims)]
    [InlineData("""{"sub":""}""", TokenFault.Claims)]
    [InlineData("""{"sub":"a\nb"}""", TokenFault.Claims)]
    [InlineData("""{"sub":["a","b"]}""", TokenFault.Malformed)]
    public async Task Issuer_and_audience_are_compared_to_the_character_and_somebody_is_named(string claims, TokenFault fault) =>
        Assert.Equal(fault, await _identity.VerifyAsync(Issuer.Token(claims)));

    [Theory]
    [InlineData(-61, 0, TokenFault.Expired)]
    [InlineData(-60, 0, TokenFault.Expired)]
    [InlineData(-59, 0, TokenFault.None)]
    [InlineData(3600, 60, TokenFault.None)]
    [InlineData(3600, 61, TokenFault.NotYetValid)]
    public async Task Lifetime_has_a_minute_of_leeway(int expires, int notBefore, TokenFault fault)
    {
        var now = IssuerClock.Start.ToUnixTimeSeconds();
        Assert.Equal(fault, await _identity.VerifyAsync(Issuer.Token($$"""{"exp":{{now + expires}},"nbf":{{now + notBefore}}}""")));
    }

    [Fact]
    public async Task Token_without_a_key_id_is_of_the_only_key_or_of_none()
    {
        const string Header = """{"alg":"RS256"}""";
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token("{}", Header)));
        using var other = new IdentityFixture();
        other.Issuer.Keys["k2"] = FakeIssuer.OtherRsa;
        Assert.Equal(TokenFault.UnknownKey, await other.VerifyAsync(other.Issuer.Token("{}", Header)));
    }

    [Fact]
    public async Task Issuers_with_keys_of_one_name_do_not_vouch_for_each_other()
    {
        const string Second = "https://idp.example/realm/second";
        using var both = new IdentityFixture($$"""{{IdentityFixture.Plain}}, { "issuer": "{{Second}}", "audience": ["gateway"], "jwks_uri": "{{Second}}/keys" }""");
        both.Issuer.Answers[Second + "/keys"] = _ => FakeIssuer.Json(new JsonObject { ["keys"] = new JsonArray(FakeIssuer.KeyOf("k1", FakeIssuer.OtherRsa)) }.ToJsonString());
        Assert.Equal(TokenFault.None, await both.VerifyAsync(both.Issuer.Token()));
        Assert.Equal(TokenFault.Signature, await both.VerifyAsync(both.Issuer.Token($$"""{"iss":"{{Second}}"}""")));
        Assert.Equal(TokenFault.None, await both.VerifyAsync(both.Issuer.Token($$"""{"iss":"{{Second}}"}""", key: FakeIssuer.OtherRsa)));
    }
}
