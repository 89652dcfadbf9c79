using EdgeGw.Configuration;
using EdgeGw.Heads;
using EdgeGw.Metering;
using EdgeGw.Routing;
using EdgeGw.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Tests.Routing;

public sealed class HeaderRulesTests
{
    private static Target TargetOf(string kind, string? key, Dialect dialect = Dialect.ChatCompletions) =>
        new(new Provider(kind, new ProviderConfig { Kind = kind, ApiKey = key }), "m", "/x", dialect, false);

    private static Target SignedTarget => new(
        new Provider("bedrock", new ProviderConfig
        {
            Kind = "bedrock",
            BaseUrl = new Uri("https://bedrock-runtime.us-east-1.amazonaws.com"),
            Aws = new AwsConfig("us-east-1", "bedrock", new AwsStaticKeys("id", "secret", null)),
        }), "m", "/x", Dialect.Converse, false);

    private static Dictionary<string, string> Upstream(
        HeaderDictionary caller, Target? target = null, bool editsAnswer = false, bool passthrough = false, string? identityHeader = null, string? queryCredential = null)
    {
        var request = new UpstreamRequest { Origin = new Uri("http://x"), Method = "POST", Target = "/" };
        Assert.Null(HeaderRules.ToUpstream(caller, request, target ?? TargetOf("openai", "sk-ours"), editsAnswer, passthrough, identityHeader, queryCredential));
        return request.Headers.GroupBy(static h => h.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => string.Join("|", g.Select(static h => h.Value)), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("Accept")]
    [InlineData("User-Agent")]
    [InlineData("anthropic-version")]
    [InlineData("anthropic-beta")]
    [InlineData("OpenAI-Beta")]
    [InlineData("Idempotency-Key")]
    [InlineData("X-Stainless-Lang")]
    [InlineData("HTTP-Referer")]
    [InlineData("X-Title")]
    [InlineData("X-Request-Id")]
    [InlineData("X-Amzn-Bedrock-GuardrailIdentifier")]
    [InlineData("amz-sdk-request")]
    [InlineData("Content-Encoding")]
    public void What_a_provider_needs_passes(string name) =>
        Assert.Equal("v", Upstream(new HeaderDictionary { [name] = "v" })[name]);

    [Theory]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Connection")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Transfer_Encoding")]
    [InlineData("Upgrade")]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    [InlineData("content_length")]
    [InlineData("Expect")]
    [InlineData("x-amz-date")]
    [InlineData("X-Amz-Security-Token")]
    [InlineData("x_amz_security_token")]
    [InlineData("X-Amz-Content-Sha256")]
    [InlineData("X-Amzn-Trace-Id")]
    [InlineData("x_amzn_bedrock_trace")]
    [InlineData("x-api-key")]
    [InlineData("X_API_KEY")]
    [InlineData("x-goog-api-key")]
    [InlineData("api-key")]
    [InlineData("API_KEY")]
    [InlineData("cf-aig-authorization")]
    [InlineData("cf_aig_authorization")]
    [InlineData("cf-aig-metadata")]
    [InlineData("Cf-Access-Jwt-Assertion")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("x-edgegw-metadata")]
    [InlineData("X_EdgeGw_Custom_Cost")]
    [InlineData("Cookie")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X_Forwarded_Host")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    [InlineData("Origin")]
    [InlineData("Referer")]
    [InlineData("Sec-Fetch-Mode")]
    [InlineData("traceparent")]
    [InlineData("baggage")]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("OpenAI-Organization")]
    [InlineData("x-goog-user-project")]
    public void What_belongs_to_one_hop_to_us_or_to_the_callers_network_does_not_pass(string name) =>
        Assert.False(Upstream(new HeaderDictionary { [name] = "v" }).ContainsKey(name));

    [Fact]
    public void A_header_named_by_Connection_does_not_pass()
    {
        var sent = Upstream(new HeaderDictionary { ["Connection"] = new(["close, X-Hop", "x-other"]), ["X-Hop"] = "1", ["X-Other"] = "2", ["X-Stays"] = "3" });

        Assert.Equal(["Accept-Encoding", "Authorization", "X-Stays"], sent.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_callers_credential_is_replaced_by_the_providers()
    {
        var sent = Upstream(new HeaderDictionary { ["Authorization"] = "Bearer egw_caller", ["Connection"] = "authorization" });

        Assert.Equal("Bearer sk-ours", sent["Authorization"]);
    }

    [Fact]
    public void Without_a_key_and_without_passthrough_no_credential_is_sent()
    {
        var sent = Upstream(new HeaderDictionary { ["Authorization"] = "Bearer sk-caller" }, TargetOf("openai", null));

        Assert.False(sent.ContainsKey("Authorization"));
    }

    [Fact]
    public void With_passthrough_the_callers_key_goes_only_where_no_other_is_configured()
    {
        var caller = new HeaderDictionary { ["Authorization"] = "Bearer sk-caller", ["OpenAI-Organization"] = "org" };

        var without = Upstream(caller, TargetOf("openai", null), passthrough: true);
        var with = Upstream(caller, TargetOf("openai", "sk-ours"), passthrough: true);

        Assert.Equal(("Bearer sk-caller", "org"), (without["Authorization"], without["OpenAI-Organization"]));
        Assert.Equal("Bearer sk-ours", with["Authorization"]);
        Assert.False(with.ContainsKey("OpenAI-Organization"));
    }

    [Fact]
    public void Passthrough_never_hands_on_what_identifies_the_caller_to_us()
    {
        var caller = new HeaderDictionary { ["Authorization"] = "Bearer eyJ.jwt.sig", ["x-api-key"] = "sk-caller", ["api-key"] = "egw_secret", ["api_key"] = "sk-sly" };

        var sent = Upstream(caller, TargetOf("anthropic", null, Dialect.Messages), passthrough: true, identityHeader: "Authorization");

        Assert.Equal(["Accept-Encoding", "x-api-key"], sent.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("AIza", "AIza")]
    [InlineData("egw_secret", null)]
    [InlineData(null, null)]
    public void A_key_from_the_query_is_passed_through_as_a_header(string? key, string? expected)
    {
        var sent = Upstream([], TargetOf("gemini", null, Dialect.Gemini), passthrough: true, queryCredential: key);

        Assert.Equal(expected, sent.GetValueOrDefault("x-goog-api-key"));
        Assert.False(Upstream([], TargetOf("gemini", null, Dialect.Gemini), queryCredential: key).ContainsKey("x-goog-api-key"));
    }

    [Theory]
    [InlineData(null, "identity")]
    [InlineData("", "identity")]
    [InlineData("gzip, deflate, br", "gzip, deflate, br")]
    [InlineData("gzip, deflate, br, zstd", "gzip, deflate, br")]
    [InlineData("zstd", "identity")]
    [InlineData("*", "identity")]
    [InlineData("gzip;q=0.5, *;q=0", "gzip;q=0.5")]
    [InlineData("GZIP ; q=1.0,BR", "GZIP ; q=1.0, BR")]
    [InlineData("gzip;evil=1, br", "br")]
    [InlineData("dcb, dcz", "identity")]
    public void Only_codings_that_the_meter_reads_are_asked_for(string? asked, string expected)
    {
        var caller = new HeaderDictionary();
        if (asked is not null)
        {
            caller["Accept-Encoding"] = asked;
        }

        Assert.Equal(expected, Upstream(caller)["Accept-Encoding"]);
        Assert.Equal("identity", Upstream(caller, editsAnswer: true)["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void A_value_that_could_start_a_line_is_refused_by_name(string value)
    {
        var request = new UpstreamRequest { Origin = new Uri("http://x"), Method = "POST", Target = "/" };

        Assert.Equal("X-A", HeaderRules.ToUpstream(new HeaderDictionary { ["X-A"] = value }, request, TargetOf("openai", "k"), false));
    }

    [Fact]
    public void An_answers_headers_pass_except_those_of_the_hop_and_of_the_providers_host()
    {
        var caller = new HeaderDictionary();
        var response = new FixedResponse(
            ("Content-Type", "text/event-stream"), ("content-length", "10"), ("x-request-id", "req_1"), ("x-ratelimit-remaining-tokens", "9"), ("retry-after", "3"),
            ("anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:00Z"), ("openai-processing-ms", "12"), ("X-Many", "a"), ("x-many", "b"), ("CF-Ray", "r"),
            ("Connection", "keep-alive, X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "timeout=5"), ("Transfer-Encoding", "chunked"), ("Trailer", "x"), ("Upgrade", "h2"),
            ("Proxy-Authenticate", "x"), ("Set-Cookie", "__cf_bm=1"), ("Alt-Svc", "h3"), ("Server", "cloudflare"), ("Strict-Transport-Security", "max-age=1"),
            ("Access-Control-Allow-Origin", "*"), ("x-edgegw-cost-usd", "0"), ("cf-aig-cache-status", "HIT"), ("X-Accel-Redirect", "/secret"), ("NEL", "x"), ("X-Bad", "caf\u00e9"));

        HeaderRules.ToCaller(response, HeadOf(caller), altered: false);

        Assert.Equal(
            ["anthropic-ratelimit-tokens-reset", "CF-Ray", "content-length", "Content-Type", "openai-processing-ms", "retry-after", "X-Many", "x-ratelimit-remaining-tokens", "x-request-id"],
            caller.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(new StringValues(["a", "b"]), caller["x-many"]);
    }

    [Fact]
    public void What_describes_the_bytes_goes_when_the_bytes_are_changed()
    {
        var caller = new HeaderDictionary();

        HeaderRules.ToCaller(new FixedResponse(("Content-Length", "10"), ("ETag", "x"), ("Digest", "y"), ("Content-MD5", "z"), ("Content-Type", "text/plain")), HeadOf(caller), altered: true);

        Assert.Equal(["Content-Type"], caller.Keys);
    }

    private static AnswerHead HeadOf(HeaderDictionary fields)
    {
        var head = new AnswerHead();
        head.Begin(fields, lines: null);
        return head;
    }

    private sealed class FixedResponse(params (string Name, string Value)[] headers) : UpstreamResponse
    {
        public override int Status => 200;

        public override IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = [.. headers.Select(static h => KeyValuePair.Create(h.Name, h.Value))];

        public override ReadOnlySpan<KeyValuePair<string, string>> HeaderSpan => Headers.ToArray();

        public override ValueTask<UpstreamRead> ReadAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public override void Abort()
        {
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Callers_credentials_never_reach_a_provider_that_takes_signatures(bool passthrough)
    {
        var caller = new HeaderDictionary { ["Authorization"] = "AWS4-HMAC-SHA256 Credential=x", ["x-api-key"] = "k", ["Accept"] = "a" };
        Assert.Equal(["Accept", "Accept-Encoding"], Upstream(caller, SignedTarget, passthrough: passthrough).Keys.Order());
    }

    [Fact]
    public void Callers_signature_is_not_passed_through_either()
    {
        var target = TargetOf("openai", null);
        Assert.False(Upstream(new HeaderDictionary { ["Authorization"] = "AWS4-HMAC-SHA256 Credential=x" }, target, passthrough: true).ContainsKey("Authorization"));
        Assert.True(Upstream(new HeaderDictionary { ["Authorization"] = "Bearer mine" }, target, passthrough: true).ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("Cf-Access-Jwt-Assertion")]
    [InlineData("Cf_Access_Jwt_Assertion")]
    [InlineData("cf-access-authenticated-user-email")]
    [InlineData("X-Goog-Iap-Jwt-Assertion")]
    [InlineData("X-Auth-Request-Email")]
    [InlineData("X_Auth_Request_Groups")]
    [InlineData("X-Ms-Client-Principal-Name")]
    [InlineData("Remote-User")]
    [InlineData("X-Remote-Group")]
    public void Headers_that_say_who_calls_never_pass(string name) =>
        Assert.DoesNotContain(name, Upstream(new HeaderDictionary { [name] = "ann" }, TargetOf("openai", null), passthrough: true).Keys);

    [Fact]
    public void Token_and_the_headers_for_tokens_never_pass_under_whatever_name()
    {
        const string Token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.AAAA";
        var caller = new HeaderDictionary
        {
            ["Authorization"] = $"Bearer {Token}",
            ["x-api-key"] = Token,
            ["X-Copy"] = $"a {Token} b",
            ["X-User-Token"] = "other",
            ["X_User_Token"] = "other",
            ["X-Fine"] = Token[..^1],
        };
        var request = new UpstreamRequest { Origin = new Uri("http://x"), Method = "POST", Target = "/" };
        Assert.Null(HeaderRules.ToUpstream(caller, request, TargetOf("openai", null), false, passthrough: true, tokenHeaders: ["x-user-token"], token: Token));
        Assert.Equal(["X-Fine", "Accept-Encoding"], request.Headers.Select(static header => header.Key));
    }
}
