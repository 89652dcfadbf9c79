using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary><c>edgegw usage</c>: who spent what, and the same to the nano-dollar in every format and in every state of the gateway.</summary>
public sealed class UsageCommandTests
{
    [Fact]
    public async Task Usage_byModelAndKey_equalsTheProvidersBill()
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["identity"]!["anonymous"] = false;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        string[] keys = [await gateway.AdminApi.CreateKeyAsync("alpha"), await gateway.AdminApi.CreateKeyAsync("beta")];
        for (var i = 0; i < 24; i++)
        {
            var call = new Call((CallerDialect)(i % 5), new FakeScript { Id = $"u{i}", Input = 11 * i + 1, Output = 7 * i + 1 }) { Key = keys[i % 2], Model = $"fake-{i % 3}" };
            Assert.Equal(200, (int)(await CallResult.OfAsync(gateway.Client, call)).Status);
        }
        await Eventually.TrueAsync(() => gateway.Log.Records.Count == 24, "24 records");
        var billed = provider.Ledger.Calls.Sum(Prices.Cost);

        using var report = JsonDocument.Parse((await RunAsync(gateway, "--by", "model,key", "--format", "json")).Output);
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(billed, rows.Sum(row => Nano.Parse(row.GetProperty("cost_usd").GetString()!)));
        Assert.Equal(24, rows.Sum(row => row.GetProperty("requests").GetInt32()));
        Assert.Equal(6, rows.Count);

        var csv = (await RunAsync(gateway, "--by", "model", "--format", "csv")).Output;
        Assert.Equal(3, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1);
        var table = (await RunAsync(gateway)).Output;
        Assert.Contains("fake-0", table, StringComparison.Ordinal);

        // A key that may call is not a key that may read reports, and a stopped gateway still has its books.
        await gateway.StopAsync();
        using var offline = JsonDocument.Parse((await RunAsync(gateway, "--by", "key", "--format", "json")).Output);
        Assert.Equal(billed, offline.RootElement.GetProperty("rows").EnumerateArray().Sum(row => Nano.Parse(row.GetProperty("cost_usd").GetString()!)));
    }

    private static async Task<CommandResult> RunAsync(EdgeGwProcess gateway, params string[] arguments)
    {
        var result = await EdgeGwCommand.RunAsync(["usage", .. arguments, "--config", gateway.ConfigFile]);
        Assert.True(result.ExitCode == 0, result.All);
        return result;
    }
}
