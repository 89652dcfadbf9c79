using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>A gateway that should not run does not start, and says what to do.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task SecondProcess_onTheSameDataFolder_isRefusedAndTheFirstGoesOn()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var first = await EdgeGwProcess.StartAsync(GatewayConfig.For(provider));
        using var folder = new TemporaryFolder();
        var config = GatewayConfig.For(provider);
        config["listen"] = new System.Text.Json.Nodes.JsonObject { ["data"] = $"127.0.0.1:{FreePorts.Next()}", ["admin"] = $"127.0.0.1:{FreePorts.Next()}" };
        config["data_dir"] = first.DataDirectory;
        var file = folder.File("second.json");
        await File.WriteAllTextAsync(file, config.ToJsonString());

        var second = await EdgeGwCommand.RunAsync(["serve", "--config", file]);

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains(first.DataDirectory, second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await CallResult.OfAsync(first.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
    }

    [Theory]
    [InlineData("{ \"data_dir\": \"d\", \"provders\": {} }", "provders")]
    [InlineData("{ \"data_dir\": \"d\", \"listen\": { \"data\": \"8080\" } }", "listen.data")]
    [InlineData("{ \"data_dir\": \"d\", \"budgets\": [ { \"name\": \"b\", \"amount_usd\": -1, \"window\": \"day\" } ] }", "amount_usd")]
    [InlineData("{ \"data_dir\": \"d\", \"providers\": { \"openai\": { \"api_key\": \"${EDGEGW_TEST_NOT_SET}\" } } }", "EDGEGW_TEST_NOT_SET")]
    [InlineData("{ \"data_dir\": \"d\", ", "JSON")]
    public async Task WrongConfig_neverStartsAndIsNamedByPlace(string json, string named)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("edgegw.json");
        await File.WriteAllTextAsync(file, json);
        foreach (var command in (string[])["check", "serve"])
        {
            var result = await EdgeGwCommand.RunAsync([command, "--config", file]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(named, result.Errors, StringComparison.Ordinal);
            Assert.Contains($"{file}:1:", result.Errors, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(folder.File("d")));
    }

    [Fact]
    public async Task Check_listsAllFaultsAtOnceAndNoSecret()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("edgegw.json");
        await File.WriteAllTextAsync(file, """
            {
              // a comment, and trailing commas
              "data_dir": "d",
              "durability": "sometimes",
              "providers": { "openai": { "api_key": "sk-very-secret-value-1234567890", "nonsense": 1 } },
              "budgets": [ { "name": "b" } ],
            }
            """);
        var result = await EdgeGwCommand.RunAsync(["check", "--config", file]);
        Assert.Equal(2, result.ExitCode);
        foreach (var place in (string[])[":4:", ":5:", ":6:"])
        {
            Assert.Contains(file + place, result.Errors, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("sk-very-secret", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ofAGoodConfig_saysSoAndStartsNothing()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(GatewayConfig.For(provider));
        var result = await EdgeGwCommand.RunAsync(["check", "--config", gateway.ConfigFile]);
        Assert.True(result.ExitCode == 0, result.All);
        Assert.DoesNotContain(FakeProvider.ApiKey, result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingConfigFile_isAnErrorAndNotAnEmptyConfig()
    {
        using var folder = new TemporaryFolder();
        var result = await EdgeGwCommand.RunAsync(["serve", "--config", folder.File("nowhere.json")]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nowhere.json", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortInUse_isAnErrorThatNamesThePort()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var folder = new TemporaryFolder();
        var config = GatewayConfig.For(provider);
        config["listen"] = new System.Text.Json.Nodes.JsonObject { ["data"] = provider.BaseUrl.Authority, ["admin"] = $"127.0.0.1:{FreePorts.Next()}" };
        // Not at the gateway's own port, which is a fault of another kind.
        config["providers"] = new System.Text.Json.Nodes.JsonObject { ["openai"] = GatewayConfig.Provider(new Uri("http://127.0.0.1:9/v1")) };
        config["pricing"] = new System.Text.Json.Nodes.JsonObject();
        config["models"] = new System.Text.Json.Nodes.JsonObject();
        config["data_dir"] = folder.File("data");
        await File.WriteAllTextAsync(folder.File("edgegw.json"), config.ToJsonString());
        var result = await EdgeGwCommand.RunAsync(["serve", "--config", folder.File("edgegw.json")]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(provider.BaseUrl.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }
}
