using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

public sealed class AwsConfigTests
{
    private const string Keys = "\"access_key_id\": \"AKIA1\", \"secret_access_key\": \"s3cr3t\"";

    [Theory]
    [InlineData("\"region\": \"eu-central-1\"", "", "eu-central-1", "bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com/")]
    [InlineData("\"region\": \"cn-north-1\"", "", "cn-north-1", "bedrock", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/")]
    [InlineData("", "AWS_REGION=us-west-2", "us-west-2", "bedrock", "https://bedrock-runtime.us-west-2.amazonaws.com/")]
    [InlineData("", "AWS_DEFAULT_REGION=us-west-2", "us-west-2", "bedrock", "https://bedrock-runtime.us-west-2.amazonaws.com/")]
    [InlineData("\"region\": \"eu-west-1\"", "AWS_REGION=us-west-2", "eu-west-1", "bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com/")]
    [InlineData("\"base_url\": \"https://bedrock-runtime-fips.us-east-1.amazonaws.com\"", "AWS_REGION=us-west-2", "us-east-1", "bedrock", "https://bedrock-runtime-fips.us-east-1.amazonaws.com/")]
    [InlineData("\"base_url\": \"https://vpce-1-2.bedrock-runtime.us-east-2.vpce.amazonaws.com\"", "", "us-east-2", "bedrock", "https://vpce-1-2.bedrock-runtime.us-east-2.vpce.amazonaws.com/")]
    [InlineData("\"base_url\": \"https://bedrock-mantle.us-east-1.api.aws/openai/v1\"", "", "us-east-1", "bedrock-mantle", "https://bedrock-mantle.us-east-1.api.aws/openai/v1")]
    [InlineData("\"base_url\": \"http://127.0.0.1:9000\", \"region\": \"us-east-1\"", "", "us-east-1", "bedrock", "http://127.0.0.1:9000/")]
    public void Region_service_and_address_come_from_what_is_said(string members, string variable, string region, string service, string url)
    {
        var provider = Load($"{members}{(members.Length > 0 ? ", " : "")}{Keys}", variable);
        Assert.Equal((region, service, url), (provider.Aws!.Region, provider.Aws.Service, provider.BaseUrl!.ToString()));
        Assert.Equal(new AwsStaticKeys("AKIA1", "s3cr3t", null), provider.Aws.Credentials);
    }

    [Fact]
    public void Api_key_needs_no_more_than_a_region()
    {
        var provider = Load("\"region\": \"us-east-1\", \"api_key\": \"k\"");
        Assert.Equal(("k", null, "bedrock-runtime.us-east-1.amazonaws.com"), (provider.ApiKey, provider.Aws, provider.BaseUrl!.Host));
    }

    [Theory]
    [InlineData("${T:-}", null)]
    [InlineData("tok", "tok")]
    public void Session_token_may_be_empty(string token, string? expected) =>
        Assert.Equal(expected, ((AwsStaticKeys)Load($"\"region\": \"us-east-1\", {Keys}, \"session_token\": \"{token}\"").Aws!.Credentials).SessionToken);

    [Theory]
    [InlineData("container", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x", "http://169.254.170.2/v2/x")]
    [InlineData("container", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials", "http://169.254.170.23/v1/credentials")]
    [InlineData("container", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://[fd00:ec2::23]/v1/credentials", "http://[fd00:ec2::23]/v1/credentials")]
    [InlineData("container", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:80/c", "http://127.0.0.1/c")]
    [InlineData("container", "AWS_CONTAINER_CREDENTIALS_FULL_URI=https://example.com/c", "https://example.com/c")]
    [InlineData("instance", "", "http://169.254.169.254/")]
    [InlineData("instance", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://[fd00:ec2::254]", "http://[fd00:ec2::254]/")]
    [InlineData("web-identity", "AWS_ROLE_ARN=arn:r;AWS_WEB_IDENTITY_TOKEN_FILE=/t", "https://sts.us-east-1.amazonaws.com/")]
    [InlineData("profile", "AWS_PROFILE=team", "/home/u/.aws/credentials")]
    public void Source_of_credentials_is_found_in_the_environment(string source, string variables, string place)
    {
        var credentials = Load($"\"region\": \"us-east-1\", \"credentials\": \"{source}\"", variables.Split(';')).Aws!.Credentials;
        Assert.Equal(source, credentials.Source);
        Assert.Equal(place, credentials switch
        {
            AwsContainerEndpoint container => container.Uri.ToString(),
            AwsInstanceMetadata instance => instance.Endpoint.ToString(),
            AwsWebIdentity identity => identity.Sts.ToString(),
            AwsProfile { Profile: "team" } profile => profile.File,
            _ => "",
        });
    }

    [Theory]
    [InlineData("\"region\": \"us-east-1\", \"access_key_id\": \"a\"", "\"secret_access_key\" is missing")]
    [InlineData("\"region\": \"us-east-1\", \"secret_access_key\": \"a\"", "\"access_key_id\" is missing")]
    [InlineData("\"region\": \"us-east-1\", \"api_key\": \"k\", " + Keys, "stands beside \"api_key\"")]
    [InlineData("\"region\": \"us-east-1\", \"api_key\": \"k\", \"credentials\": \"instance\"", "stands beside \"api_key\"")]
    [InlineData("\"region\": \"us-east-1\", \"credentials\": \"instance\", " + Keys, "stands beside \"credentials\"")]
    [InlineData("\"region\": \"us-east-1\", \"credentials\": \"instence\"", "unknown source of credentials")]
    [InlineData("\"region\": \"us-east-1\", \"credentials\": \"container\"", "needs AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")]
    [InlineData("\"region\": \"us-east-1\", \"credentials\": \"web-identity\"", "needs AWS_ROLE_ARN")]
    [InlineData(Keys, "\"region\" is missing")]
    [InlineData("\"api_key\": \"k\"", "\"region\" is missing")]
    [InlineData("\"base_url\": \"https://proxy.example\", " + Keys, "\"region\" is missing")]
    [InlineData("\"region\": \"Frankfurt\", " + Keys, "is no region")]
    [InlineData("\"region\": \"x.evil.example/-\", " + Keys, "is no region")]
    [InlineData("\"region\": \"us-east-1\", \"base_url\": \"https://bedrock-runtime.eu-west-1.amazonaws.com\", " + Keys, "is not the region of \"base_url\"")]
    [InlineData("\"region\": \"us-east-1\", \"access_key_id\": \"a b\", \"secret_access_key\": \"s\"", "holds a space")]
    public void What_does_not_fit_together_is_one_fault(string members, string message)
    {
        var fault = Assert.Single(ConfigFixture.FaultsOf($"{{\"providers\": {{\"bedrock\": {{{members}}}}}}}"));
        Assert.Contains(message, fault);
        Assert.DoesNotContain("s3cr3t", fault);
    }

    [Fact]
    public void Container_address_elsewhere_in_plain_text_is_a_fault() => Assert.Contains("neither https nor", Assert.Single(ConfigFixture.FaultsOf(
        "{\"providers\": {\"bedrock\": {\"region\": \"us-east-1\", \"credentials\": \"container\"}}}", ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/c"))));

    [Fact]
    public void Other_providers_take_none_of_it() =>
        Assert.Contains("is for AWS's own providers", Assert.Single(ConfigFixture.FaultsOf("{\"providers\": {\"openai\": {\"region\": \"us-east-1\"}}}")));

    [Fact]
    public void Secrets_are_in_no_text()
    {
        var provider = Load($"\"region\": \"us-east-1\", {Keys}, \"session_token\": \"t0ken\"");
        var text = $"{provider} {provider.Aws} {provider.Aws!.Credentials} {new AwsContainerEndpoint(new Uri("http://h"), "t0ken", null)}";
        Assert.DoesNotContain("s3cr3t", text);
        Assert.DoesNotContain("t0ken", text);
    }

    [Fact]
    public void Environment_alone_gives_a_provider_where_keys_and_region_are_set()
    {
        var config = FromEnvironment("AWS_ACCESS_KEY_ID=AKIA1", "AWS_SECRET_ACCESS_KEY=s3cr3t", "AWS_SESSION_TOKEN=t", "AWS_REGION=eu-west-1").Config!;
        var provider = config.Providers["bedrock"];
        Assert.Equal(("bedrock-runtime.eu-west-1.amazonaws.com", new AwsStaticKeys("AKIA1", "s3cr3t", "t")), (provider.BaseUrl!.Host, provider.Aws!.Credentials));
    }

    [Fact]
    public void Key_for_Bedrock_alone_wins_over_general_keys()
    {
        var provider = FromEnvironment("AWS_BEARER_TOKEN_BEDROCK=k", "AWS_ACCESS_KEY_ID=AKIA1", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=eu-west-1").Config!.Providers["bedrock"];
        Assert.Equal(("k", null), (provider.ApiKey, provider.Aws));
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID=AKIA1", "AWS_SECRET_ACCESS_KEY=s")]
    [InlineData("AWS_ACCESS_KEY_ID=AKIA1", "AWS_REGION=eu-west-1")]
    [InlineData("AWS_PROFILE=p", "AWS_REGION=eu-west-1")]
    public void Half_of_it_is_meant_for_something_else(string one, string other)
    {
        var result = FromEnvironment("OPENAI_API_KEY=k", one, other);
        Assert.Equal(["openai"], result.Config!.Providers.Keys);
    }

    [Fact]
    public void Key_for_Bedrock_without_a_region_is_a_fault() =>
        Assert.Contains("set AWS_REGION", Assert.Single(FromEnvironment("AWS_BEARER_TOKEN_BEDROCK=k").Faults).Message);

    private static ProviderConfig Load(string members, params string[] variables) =>
        ConfigFixture.LoadGood($"{{\"providers\": {{\"bedrock\": {{{members}}}}}}}", Pairs(variables)).Providers["bedrock"];

    private static ConfigResult FromEnvironment(params string[] variables) => ConfigLoader.FromEnvironment(new FakeEnvironment(Pairs(variables)), ConfigFixture.Providers);

    private static (string, string)[] Pairs(string[] variables) =>
        [.. variables.Where(static v => v.Length > 0).Select(static v => v.Split('=', 2)).Select(static v => (v[0], v[1]))];
}
