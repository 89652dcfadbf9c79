namespace EdgeGw.Tests.Configuration;

public sealed class ConfigWarningTests
{
    private const string Provider = "\"providers\": {\"openai\": {\"api_key\": \"k\"}}";

    public static TheoryData<string, string> Warnings => new()
    {
        { "{\"providers\": {\"openai\": ¶{}}}", "providers.openai: has no \"api_key\", and identity.passthrough is off: calls go out without a credential" },
        { With("\"listen\": {\"admin\": ¶\"0.0.0.0:9090\"}"), "listen.admin: 0.0.0.0:9090 can be reached from outside: the admin API and metrics are plain HTTP behind one token" },
        { With("\"listen\": {\"data\": \"[::]:80\"}, \"identity\": {\"anonymous\": ¶true}"), "identity.anonymous: callers without a key are let in, and [::]:80 can be reached from outside: anyone who finds it spends on your provider keys" },
        { With("\"budgets\": [{\"name\": \"b\", \"window\": \"day\", \"amount_usd\": ¶20000000}]"), "budgets[0].amount_usd: is 20000000 dollars: the unit is dollars, not cents or nano-dollars" },
        { With("\"pricing\": {\"overrides\": [{\"model\": \"openai/x\", \"input\": ¶0.0000025, \"output\": 1}]}"), "pricing.overrides[0].input: looks like a price per token; prices are dollars per million tokens" },
        { With("\"timeouts\": {\"first_byte\": ¶\"2h\"}"), "timeouts.first_byte: \"first_byte\" is longer than \"total\", so \"total\" ends every call first" },
    };

    [Theory]
    [MemberData(nameof(Warnings))]
    public void Warning_is_given_and_the_configuration_still_counts(string marked, string expected)
    {
        var (json, place) = ConfigFixture.TakeMark(marked);
        Assert.Empty(ConfigFixture.Load(json).Faults);
        Assert.Equal([$"{place}: {expected}"], ConfigFixture.WarningsOf(json));
    }

    [Fact]
    public void No_provider_at_all_is_warned_of() =>
        Assert.Equal("/etc/edgegw/edgegw.json: no providers: every call will be refused", Assert.Single(ConfigFixture.Load("{}").Warnings).ToString());

    [Theory]
    [InlineData("{\"identity\": {\"passthrough\": true}, \"providers\": {\"openai\": {}}}")]
    [InlineData("{\"providers\": {\"local\": {\"kind\": \"openai\", \"base_url\": \"http://127.0.0.1:8000/v1\"}}}")]
    [InlineData("{\"listen\": {\"data\": \"10.0.0.1:80\"}, \"providers\": {\"local\": {\"kind\": \"openai\", \"base_url\": \"http://127.0.0.1/a@b\"}}}")]
    [InlineData("{\"providers\": {\"openai\": {\"api_key\": \"k\"}}, \"identity\": {\"anonymous\": true}}")]
    public void Nothing_is_warned_of_where_nothing_is_odd(string json) => Assert.Empty(ConfigFixture.WarningsOf(json));

    private static string With(string section) => $"{{{Provider}, {section}}}";
}
