using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

public sealed class EnvironmentConfigTests
{
    [Fact]
    public void Providers_come_from_the_variables_of_their_sdks()
    {
        var result = Load(("OPENAI_API_KEY", "sk-1"), ("GOOGLE_API_KEY", "g"), ("ANTHROPIC_BASE_URL", "http://10.0.0.1:9/x"), ("XDG_STATE_HOME", "/state"));

        var config = result.Config!;
        Assert.Equal(3, config.Providers.Count);
        Assert.Equal("sk-1", config.Providers["openai"].ApiKey);
        Assert.Equal("g", config.Providers["gemini"].ApiKey);
        Assert.Equal((null, "http://10.0.0.1:9/x"), (config.Providers["anthropic"].ApiKey, config.Providers["anthropic"].BaseUrl!.ToString()));
        Assert.Equal("/state/edgegw", config.DataDirectory);
        Assert.True(config.Identity.Anonymous);
        Assert.Equal(new ListenConfig(), config.Listen);
        Assert.Contains(result.Notes, note => note.Contains("openai (OPENAI_API_KEY)") && note.Contains("GOOGLE_API_KEY") && !note.Contains("sk-1"));
        Assert.Contains(result.Notes, note => note.Contains("callers need no key"));
    }

    [Fact]
    public void Relative_state_folder_is_ignored_as_the_specification_says() =>
        Assert.Equal("/home/u/.local/state/edgegw", Load(("OPENAI_API_KEY", "k"), ("XDG_STATE_HOME", "state")).Config!.DataDirectory);

    [Fact]
    public void No_provider_at_all_is_a_fault_that_says_what_to_do()
    {
        var fault = Assert.Single(Load().Faults);
        Assert.Contains("OPENAI_API_KEY", fault.Message);
        Assert.Contains("edgegw demo", fault.Message);
        Assert.Equal(0, fault.Line);
    }

    [Fact]
    public void Base_url_of_this_gateway_itself_is_a_fault() =>
        Assert.Contains("points back", Assert.Single(Load(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "http://localhost:8080/openai/v1")).Faults).Message);

    [Fact]
    public void Anonymous_callers_are_never_implied_on_an_open_address()
    {
        var open = ConfigLoader.FromEnvironment(
            new FakeEnvironment(("OPENAI_API_KEY", "k")), ConfigFixture.Providers, new ConfigOverrides { Data = new IPEndPoint(IPAddress.Any, 8080) });

        Assert.Null(open.Config);
        Assert.Contains("identity.anonymous", Assert.Single(open.Faults).Message);
    }

    [Fact]
    public void Bad_values_are_named_by_their_variable_and_not_printed()
    {
        var faults = Load(("OPENAI_API_KEY", "sk-secret\n"), ("ANTHROPIC_BASE_URL", "ftp://secret")).Faults;

        Assert.Equal(["OPENAI_API_KEY", "ANTHROPIC_BASE_URL"], faults.Select(f => f.Path));
        Assert.DoesNotContain("secret", string.Join('\n', faults));
    }

    [Theory]
    [InlineData("x.json", null, new string[0], "x.json")]
    [InlineData(null, "/e.json", new[] { "./edgegw.json" }, "/e.json")]
    [InlineData(null, "", new[] { "./edgegw.json", "/etc/edgegw/edgegw.json" }, "./edgegw.json")]
    [InlineData(null, null, new[] { "/etc/edgegw/edgegw.json" }, "/etc/edgegw/edgegw.json")]
    [InlineData(null, null, new string[0], null)]
    public void Search_order_is_option_variable_working_folder_system_folder(string? option, string? variable, string[] there, string? expected)
    {
        var environment = variable is null ? new FakeEnvironment() : new FakeEnvironment(("EDGEGW_CONFIG", variable));
        Assert.Equal(expected, ConfigSource.Find(option, environment, there.Contains));
    }

    private static ConfigResult Load(params (string Name, string Value)[] variables) =>
        ConfigLoader.FromEnvironment(new FakeEnvironment(variables), ConfigFixture.Providers);
}
