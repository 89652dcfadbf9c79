namespace EdgeGw.Tests.Configuration;

public sealed class SecretsInFaultsTests
{
    private const string Secret = "s3cr3tValueThatMustStayHidden99";

    /// <summary>The secret in every place where a string may stand, in every way it may come there.</summary>
    [Theory]
    [InlineData("{\"listen\": {\"data\": \"@\", \"admin\": \"@\"}}")]
    [InlineData("{\"durability\": \"@\"}")]
    [InlineData("{\"providers\": {\"openai\": {\"kind\": \"@\", \"base_url\": \"@\", \"api_key\": \"@ \", \"pricing\": \"@\"}}}")]
    [InlineData("{\"providers\": {\"openai\": {\"base_url\": \"https://u:@@h/\"}}}")]
    [InlineData("{\"providers\": {\"openai\": {\"base_url\": \"https://h/?k=@\"}}}")]
    [InlineData("{\"providers\": {\"bedrock\": {\"region\": \"@ \", \"access_key_id\": \"@ \", \"secret_access_key\": \"@ \", \"session_token\": \"@ \"}}}")]
    [InlineData("{\"providers\": {\"bedrock\": {\"region\": \"@ \", \"credentials\": \"@\"}}}")]
    [InlineData("{\"models\": {\"a\": \"@\", \"b\": \"@/x\"}}")]
    [InlineData("{\"identity\": {\"keys\": [{\"name\": \"@ \", \"hash\": \"@\", \"service\": \"@ \", \"groups\": [\"@ \"], \"metadata\": {\"a\": \"@\\n\"}}]}}")]
    [InlineData("{\"identity\": {\"keys\": [{\"name\": \"a\", \"hash\": \"egw_@\"}]}}")]
    [InlineData("{\"budgets\": [{\"name\": \"@ \", \"per\": [\"@\"], \"amount_usd\": \"@\", \"window\": \"@\", \"timezone\": \"@\"}]}")]
    [InlineData("{\"alerts\": {\"webhooks\": [{\"url\": \"http://h/@?k=@\", \"secret\": \"whsec_@?\", \"events\": [\"@\"]}, {\"url\": \"https://u:@@h/\", \"secret\": \"@\"}]}}")]
    [InlineData("{\"velocity\": {\"minimum_usd_per_hour\": \"@\", \"action\": \"@\", \"learn\": \"@\"}}")]
    [InlineData("{\"pricing\": {\"unpriced\": \"@\", \"overrides\": [{\"model\": \"@\", \"input\": \"@\", \"output\": \"@\"}, {\"model\": \"@/x\"}]}}")]
    [InlineData("{\"abort\": {\"policy\": \"@\", \"max_seconds\": \"@\"}}")]
    [InlineData("{\"timeouts\": {\"connect\": \"@\"}, \"requests\": {\"max_body\": \"@\"}}")]
    [InlineData("{\"log\": {\"requests\": \"@\", \"payloads\": \"@\"}}")]
    public void Secret_in_the_wrong_place_is_not_printed(string template)
    {
        AssertHidden(ConfigFixture.FaultsOf(template.Replace("@@", Secret + "@").Replace("@", Secret)));
        AssertHidden(ConfigFixture.FaultsOf(template.Replace("@@", "${TOKEN}@").Replace("@\"", "${TOKEN}\"").Replace("@", Secret), ("TOKEN", Secret)));
        AssertHidden(ConfigFixture.FaultsOf(template.Replace("@", "${NOPE:-" + Secret + "}")));
    }

    [Theory]
    [InlineData("{\"providers\": {\"openai\": {\"api_key\": nS3cretS3cretS3cretS3cret}}}")]
    [InlineData("{\"providers\": {\"openai\": {\"api_key\": s3cr3tValueThatMustStayHidden99}}}")]
    [InlineData("{\"providers\": {\"openai\": {\"api_key\": \"s3cr3tValueThatMustStayHidden99}}}")]
    public void Syntax_fault_beside_a_secret_does_not_print_it(string json)
    {
        var text = Assert.Single(ConfigFixture.FaultsOf(json));
        Assert.DoesNotContain("S3cret", text);
        Assert.DoesNotContain("s3cr3t", text);
    }

    [Fact]
    public void Short_secret_behind_a_variable_is_not_printed() =>
        Assert.DoesNotContain("hunter2", string.Join('\n', ConfigFixture.FaultsOf("{\"durability\": \"${PW}\", \"log\": {\"requests\": \"${PW}\"}}", ("PW", "hunter2"))));

    private static void AssertHidden(string[] faults)
    {
        Assert.NotEmpty(faults);
        Assert.DoesNotContain(Secret, string.Join('\n', faults));
    }
}
