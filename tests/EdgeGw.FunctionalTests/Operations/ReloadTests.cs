using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>The configuration changes under a running gateway: at once, whole or not at all, and nobody who calls notices.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private const int Swaps = 50;
    private FakeProvider _provider = null!;

    /// <summary>How a gateway learns that its configuration is another.</summary>
    public enum Trigger
    {
        AdminApi,
        Signal,
        File,
    }

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [Theory]
    [InlineData(Trigger.AdminApi)]
    [InlineData(Trigger.Signal)]
    [InlineData(Trigger.File)]
    public async Task AmountLoweredBelowWhatIsSpent_refusesTheNextCall_andRaisedAdmitsIt(Trigger trigger)
    {
        var config = WithBudget(100.000000m);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        Assert.Equal(200, await StatusAsync(gateway));

        await ReloadAsync(gateway, WithBudget(0.000001m, config), trigger, 1);
        Assert.Equal(429, await StatusAsync(gateway));

        await ReloadAsync(gateway, WithBudget(50.000000m, config), trigger, 2);
        Assert.Equal(200, await StatusAsync(gateway));
        Assert.Equal(_provider.Ledger.Calls.Sum(Prices.Cost), await gateway.AdminApi.SettledAsync("b"));
        Assert.Equal(2, _provider.Ledger.Calls.Count);
        Assert.Contains(gateway.Errors.Lines, line => line.Contains("changed budgets.b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signal_thatWhoeverStartedTheGatewayIgnores_asNohupDoes_isAWishAllTheSame()
    {
        var config = WithBudget(100.000000m);
        EdgeGwProcess gateway;
        using (Signals.IgnoreHangUp())
        {
            gateway = await EdgeGwProcess.StartAsync(config);
        }
        await using (gateway)
        {
            Assert.Equal(200, await StatusAsync(gateway));
            await ReloadAsync(gateway, WithBudget(0.000001m, config), Trigger.Signal, 1);
            Assert.Equal(429, await StatusAsync(gateway));
        }
    }

    [Fact]
    public async Task BadFile_keepsServing_andAnswerLogAndMetricsSaySo()
    {
        var config = WithBudget(100);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var good = await File.ReadAllTextAsync(gateway.ConfigFile);

        gateway.ReplaceConfig(good.Replace("\"month\"", "\"mounth\"", StringComparison.Ordinal).Replace("\"anonymous\"", "\"anonimous\"", StringComparison.Ordinal));
        var (status, body) = await gateway.AdminApi.ReloadAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["budgets[0].window", "identity.anonimous"], body.GetProperty("faults").EnumerateArray().Select(Path).Order(StringComparer.Ordinal));
        Assert.All(body.GetProperty("faults").EnumerateArray(), fault => Assert.True(fault.GetProperty("line").GetInt32() > 1));
        Assert.Equal(200, await StatusAsync(gateway));
        Assert.Equal(HttpStatusCode.OK, await gateway.AdminApi.ReadyAsync());
        Assert.Equal(0, await gateway.AdminApi.MetricAsync("edgegw_config_last_reload_successful"));
        Assert.Equal(1, await gateway.AdminApi.MetricAsync("edgegw_config_reloads_total{result=\"failed\"}"));
        await Eventually.TrueAsync(
            () => gateway.Errors.Lines.Any(line => line.Contains("mounth", StringComparison.Ordinal) && line.Contains("did you mean \"month\"", StringComparison.Ordinal)), "the fault in the log");

        gateway.ReplaceConfig(good);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminApi.ReloadAsync()).Status);
        Assert.Equal(1, await gateway.AdminApi.MetricAsync("edgegw_config_last_reload_successful"));
        Assert.True(await gateway.AdminApi.MetricAsync("edgegw_config_last_reload_success_timestamp_seconds") > 1_700_000_000);

        static string? Path(JsonElement fault) => fault.GetProperty("path").GetString();
    }

    [Fact]
    public async Task WhatOnlyAStartDecides_isNamed_andTheRestTakesEffect()
    {
        var config = WithBudget(100);
        await using var gateway = await EdgeGwProcess.StartAsync(config, new Dictionary<string, string> { ["LATE_KEY"] = "sk-late-secret" });
        var wanted = config.DeepClone().AsObject();
        wanted["listen"]!["data"] = "127.0.0.1:1";
        wanted["durability"] = "strict";
        wanted["models"]!["new-alias"] = "anthropic/fake-gpt";
        wanted["providers"]!["late"] = new JsonObject { ["kind"] = "openai", ["api_key"] = "${LATE_KEY}" };
        gateway.ReplaceConfig(wanted);

        var (status, body) = await gateway.AdminApi.ReloadAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("[\"listen.data\",\"durability\"]", body.GetProperty("restart_needed").GetRawText());
        Assert.Equal("[\"providers.late\",\"models.new-alias\"]", body.GetProperty("added").GetRawText());
        Assert.Equal(1, await gateway.AdminApi.MetricAsync("edgegw_config_restart_needed"));
        var call = new Call(CallerDialect.Messages, new FakeScript { Id = "alias" }) { Path = "/v1/messages", Model = "new-alias" };
        Assert.Equal(200, (int)(await CallResult.OfAsync(gateway.Client, call)).Status);
        var shown = (await gateway.AdminApi.GetAsync("/admin/v1/config")).Body;
        Assert.Contains("new-alias", shown, StringComparison.Ordinal);
        Assert.Contains(gateway.Data.Authority, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown + body.GetRawText() + gateway.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyOfTheFile_isGoodAsSoonAsItStandsThere_andNoLonger_andOneMadeHereStays()
    {
        var config = WithBudget(100);
        config["identity"]!["anonymous"] = false;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var made = await gateway.AdminApi.CreateKeyAsync("made");
        var hash = await HashOfAsync(gateway, "declared");
        Assert.Equal(401, await StatusAsync(gateway, hash.Secret));

        var wanted = config.DeepClone().AsObject();
        wanted["identity"]!["keys"] = new JsonArray(new JsonObject { ["name"] = "declared", ["hash"] = hash.Hash });
        gateway.ReplaceConfig(wanted);
        Assert.Equal("[\"identity.keys.declared\"]", (await gateway.AdminApi.ReloadAsync()).Body.GetProperty("added").GetRawText());
        Assert.Equal(200, await StatusAsync(gateway, hash.Secret));

        await SwapAsync(gateway, config);
        Assert.Equal(401, await StatusAsync(gateway, hash.Secret));
        Assert.Equal(200, await StatusAsync(gateway, made));
    }

    [Fact]
    public async Task BodyLimitRaised_admitsALargerBodyAtOnce()
    {
        var config = WithBudget(100);
        config["requests"] = new JsonObject { ["max_body"] = "32KiB" };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var large = new Call(CallerDialect.Chat, new FakeScript()) { Prompt = new string('x', 100_000) };
        Assert.Equal(413, (int)(await CallResult.OfAsync(gateway.Client, large)).Status);

        config["requests"]!["max_body"] = "1MiB";
        await SwapAsync(gateway, config);

        Assert.Equal(200, (int)(await CallResult.OfAsync(gateway.Client, large)).Status);
    }

    [Fact]
    public async Task Certificate_replacedOnDisk_isShownToTheNextConnection()
    {
        using var first = new TestCertificate();
        using var second = new TestCertificate();
        var config = WithBudget(100);
        config["listen"] = new JsonObject { ["tls"] = new JsonObject { ["certificate"] = first.CertificateFile, ["key"] = first.KeyFile } };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        Assert.Equal(first.Certificate.Thumbprint, await ThumbprintAsync(gateway));

        File.Move(second.CertificateFile, first.CertificateFile, overwrite: true);
        File.Move(second.KeyFile, first.KeyFile, overwrite: true);

        await Eventually.TrueAsync(async () => await ThumbprintAsync(gateway) == second.Certificate.Thumbprint, "the new certificate");
    }

    [Fact]
    public async Task StreamUnderWay_whileTheConfigurationIsSwapped_endsUntouchedAndIsSettledAtTheRulesItBeganWith()
    {
        var config = WithBudget(100);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var script = new FakeScript { Id = "long", Output = 4000, Chunks = 100, Pace = 30 };
        var streaming = CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, script) { Stream = true });
        await Eventually.TrueAsync(() => _provider.Ledger.TryFind("long", out _), "the stream's begin");
        // Its provider gone, its budget gone, its price a thousand times as high, its callers locked out.
        var hostile = config.DeepClone().AsObject();
        hostile["providers"]!.AsObject().Remove("openai");
        hostile.Remove("budgets");
        hostile["models"] = new JsonObject();
        hostile["identity"]!["anonymous"] = false;
        hostile["pricing"] = new JsonObject { ["overrides"] = new JsonArray(new JsonObject { ["model"] = "*/*", ["input"] = 9000, ["output"] = 9000 }) };

        for (var i = 0; i < Swaps; i++)
        {
            await SwapAsync(gateway, i % 2 == 0 ? hostile : config);
        }
        Assert.False(streaming.IsCompleted);
        await SwapAsync(gateway, hostile);
        Assert.Equal(404, await StatusAsync(gateway));

        var result = await streaming;
        Assert.Equal((200, null), ((int)result.Status, result.Broken));
        Assert.EndsWith("data: [DONE]\n\n", result.Text, StringComparison.Ordinal);
        var cost = Prices.Cost(_provider.Ledger["long"]);
        Assert.Equal(cost, (await gateway.Log.RecordOfCallAsync("long")).Cost);
        await SwapAsync(gateway, config);
        Assert.Equal(cost, await gateway.AdminApi.SettledAsync("b"));
    }

    [Fact]
    public async Task CallsInParallel_whileTheConfigurationIsSwapped_allSucceedAndTotalsEqualTheProviders()
    {
        const int calls = 200;
        var config = WithBudget(1000);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var other = WithBudget(2000, config);
        other["budgets"]!.AsArray().Add(GatewayConfig.Budget("extra", 3000, "model"));
        other["models"]!["another"] = "openai/fake-gpt";
        other["providers"]!["more"] = new JsonObject { ["kind"] = "openai", ["base_url"] = "http://127.0.0.1:9/v1", ["api_key"] = "k" };
        other["timeouts"] = new JsonObject { ["first_byte"] = "1m" };
        // Every swap makes this provider anew; on contract prices, which all are here, the factor does not count.
        other["providers"]!["openai"]!["price_factor"] = "1.5";
        var swapping = Task.Run(async () =>
        {
            for (var i = 0; i < Swaps; i++)
            {
                await SwapAsync(gateway, i % 2 == 0 ? other : config);
            }
        });
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, calls),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (index, _) =>
            {
                var script = new FakeScript { Id = $"p{index}", Output = 50, Chunks = 5, Pace = 10 };
                var result = await CallResult.OfAsync(gateway.Client, new Call((CallerDialect)(index % 4), script) { Stream = index % 2 == 0 });
                if ((int)result.Status != 200 || result.Broken is not null)
                {
                    failures.Enqueue($"{index}: {(int)result.Status} {result.Text}");
                }
            });
        await swapping;

        Assert.Empty(failures);
        Assert.Equal(calls, _provider.Ledger.Calls.Count);
        await Eventually.TrueAsync(() => gateway.Log.Records.Count >= calls, $"{calls} usage records");
        var billed = _provider.Ledger.Calls.Sum(Prices.Cost);
        Assert.Equal(billed, gateway.Log.Records.Sum(record => record.Cost));
        Assert.Equal(billed, await gateway.AdminApi.RecordedCostAsync());
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync("b"));
        Assert.Equal(Swaps, await gateway.AdminApi.MetricAsync("edgegw_config_reloads_total{result=\"ok\"}"));
        Assert.Equal(0, await gateway.AdminApi.MetricAsync("edgegw_config_reloads_total{result=\"failed\"}"));
    }

    private JsonObject WithBudget(decimal dollars, JsonObject? like = null)
    {
        var config = like?.DeepClone().AsObject() ?? GatewayConfig.For(_provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget("b", dollars));
        return config;
    }

    private static async Task SwapAsync(EdgeGwProcess gateway, JsonObject config)
    {
        gateway.ReplaceConfig(config);
        var (status, body) = await gateway.AdminApi.ReloadAsync();
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
    }

    private static async Task ReloadAsync(EdgeGwProcess gateway, JsonObject config, Trigger trigger, int number)
    {
        // Unnoticed, where it is not the file itself that must be noticed.
        gateway.ReplaceConfig(config, unnoticed: trigger != Trigger.File);
        switch (trigger)
        {
            case Trigger.AdminApi:
                var (status, body) = await gateway.AdminApi.ReloadAsync();
                Assert.Equal((HttpStatusCode.OK, "[\"budgets.b\"]"), (status, body.GetProperty("changed").GetRawText()));
                break;
            case Trigger.Signal:
                Signals.SendHangUp(gateway.Process);
                break;
        }
        double reloads = 0;
        try
        {
            await Eventually.TrueAsync(async () => (reloads = await gateway.AdminApi.MetricAsync("edgegw_config_reloads_total{result=\"ok\"}")) == number, "the reload");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} Reload {number} was wanted by {trigger}, {reloads} were counted, and the gateway said: {gateway.Errors.Text}", late);
        }
    }

    private static async Task<int> StatusAsync(EdgeGwProcess gateway, string? key = null) =>
        (int)(await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = key })).Status;

    /// <summary>A secret and its hash under this gateway's pepper, of a key that is made in another data folder with the same pepper.</summary>
    private static async Task<(string Secret, string Hash)> HashOfAsync(EdgeGwProcess gateway, string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        File.Copy(System.IO.Path.Combine(gateway.DataDirectory, "key-pepper"), folder.File("data/key-pepper"));
        await File.WriteAllTextAsync(folder.File("edgegw.json"), """{ "listen": { "admin": "127.0.0.1:1" }, "providers": { "openai": { "api_key": "k" } } }""");
        var run = await EdgeGwCommand.RunAsync(["keys", "create", "--name", name, "--config", folder.File("edgegw.json"), "--data-dir", folder.File("data")]);
        var hash = System.Text.RegularExpressions.Regex.Match(run.All, "[0-9a-f]{64}").Value;
        return (AdminApi.Secret().Match(run.All).Value, hash);
    }

    private static async Task<string> ThumbprintAsync(EdgeGwProcess gateway)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Data.Host, gateway.Data.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(gateway.Data.Host);
        return ((System.Security.Cryptography.X509Certificates.X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }
}
