using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>Virtual keys from the command line: at once effective, durable, and their secret nowhere.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;
    private EdgeGwProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(_provider);
        config["identity"]!["anonymous"] = false;
        config["budgets"] = new JsonArray(GatewayConfig.Budget("per-key", 100, "key"));
        _gateway = await EdgeGwProcess.StartAsync(config);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [Fact]
    public async Task Keys_createdListedAndRevoked_haveEffectAtOnce()
    {
        var secret = await CreateAsync("ci-bot", "--service", "ci-bot", "--group", "automation", "--metadata", "team=platform");
        Assert.Equal(200, await StatusAsync(secret));

        var list = await RunAsync("keys", "list");
        Assert.Contains("ci-bot", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list.All, StringComparison.Ordinal);

        await RunAsync("keys", "revoke", "ci-bot");
        Assert.Equal(401, await StatusAsync(secret));
    }

    [Fact]
    public async Task Key_rotated_hasOneBudgetForBothSecrets_untilTheOverlapEnds()
    {
        var old = await CreateAsync("rotated");
        Assert.Equal(200, await StatusAsync(old));
        var next = AdminApi.Secret().Match((await RunAsync("keys", "rotate", "rotated", "--overlap", "1h")).Output).Value;
        Assert.NotEqual(old, next);
        Assert.Equal((200, 200), (await StatusAsync(old), await StatusAsync(next)));
        await Eventually.TrueAsync(() => _gateway.Log.Records.Count(static record => record.Status == 200) >= 3, "three records");
        await _gateway.AdminApi.SettledAsync("per-key");
        Assert.Equal(_provider.Ledger.Calls.Sum(Prices.Cost), Assert.Single(await _gateway.AdminApi.BudgetAsync("per-key")).Spent);

        await _gateway.KillAsync();
        await _gateway.LaunchAsync();
        Assert.Equal((200, 200), (await StatusAsync(old), await StatusAsync(next)));
        var last = AdminApi.Secret().Match((await RunAsync("keys", "rotate", "rotated", "--overlap", "0s")).Output).Value;
        Assert.Equal((401, 401, 200), (await StatusAsync(old), await StatusAsync(next), await StatusAsync(last)));
        await RunAsync("keys", "revoke", "rotated");
        Assert.Equal(401, await StatusAsync(last));
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Gemini)]
    public async Task Key_limitedToModels_isRefusedOthersInItsDialect_andListsOnlyItsOwn(CallerDialect dialect)
    {
        var secret = await CreateAsync($"limited-{dialect}", "--model", "openai/fake-gpt*", "--model", "gemini/fake-gpt", "--user", "ann");
        Assert.Equal(200, (int)(await SendAsync(secret, new Call(dialect, new FakeScript { Id = $"ok-{dialect}" }))).Status);
        Assert.Contains("\"user\":\"ann\"", (await _gateway.Log.RecordOfCallAsync($"ok-{dialect}")).ToString(), StringComparison.Ordinal);
        var refused = await SendAsync(secret, new Call(dialect, new FakeScript()) { Model = "fake-mini" });
        Assert.Equal(403, (int)refused.Status);
        Assert.Contains("fake-mini", ErrorEnvelope.Check(dialect, refused), StringComparison.Ordinal);
        // By its alias, and on a path whose model nobody knows.
        Assert.Equal(200, (int)(await SendAsync(secret, new Call(CallerDialect.Chat, new FakeScript()) { Model = "our-alias", Path = "/v1/chat/completions" })).Status);
        Assert.Equal(403, (int)(await SendAsync(secret, new Call(CallerDialect.Chat, new FakeScript()) { Model = "openai/fake-mini", Path = "/v1/chat/completions" })).Status);
        using var files = new HttpRequestMessage(HttpMethod.Get, "/openai/v1/files");
        files.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        Assert.Equal(403, (int)(await CallResult.OfAsync(_gateway.Client, files)).Status);
        using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        list.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        Assert.Equal(["our-alias"], JsonNode.Parse((await CallResult.OfAsync(_gateway.Client, list)).Text)!["data"]!.AsArray().Select(static model => (string)model!["id"]!));
    }

    [Fact]
    public async Task LastUse_isListed_andKnownAfterAStop()
    {
        var secret = await CreateAsync("used");
        await CreateAsync("idle");
        Assert.Equal(200, await StatusAsync(secret));
        var used = await LastUseAsync("used");
        Assert.InRange(DateTimeOffset.Parse(used!, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(1));
        await _gateway.StopAsync();
        await _gateway.LaunchAsync();
        Assert.Equal((used, null), (await LastUseAsync("used"), await LastUseAsync("idle")));
    }

    private async Task<string?> LastUseAsync(string name) => (await _gateway.AdminApi.JsonAsync("/admin/v1/keys")).GetProperty("keys").EnumerateArray()
        .Single(key => key.GetProperty("name").GetString() == name).GetProperty("last_used").GetString();

    private Task<CallResult> SendAsync(string secret, Call call) => CallResult.OfAsync(_gateway.Client, call with { Key = secret });

    [Fact]
    public async Task Keys_surviveAKillInBothStates()
    {
        var (good, bad) = (await CreateAsync("good"), await CreateAsync("bad"));
        await RunAsync("keys", "revoke", "bad");
        await _gateway.KillAsync();
        await _gateway.LaunchAsync();
        Assert.Equal(200, await StatusAsync(good));
        Assert.Equal(401, await StatusAsync(bad));
    }

    [Fact]
    public async Task Keys_createdAndRevokedWhileTheGatewayIsDown_holdWhenItIsBack()
    {
        var early = await CreateAsync("early");
        await _gateway.StopAsync();
        var late = await CreateAsync("late");
        await RunAsync("keys", "revoke", "early");
        await _gateway.LaunchAsync();
        Assert.Equal(200, await StatusAsync(late));
        Assert.Equal(401, await StatusAsync(early));
    }

    [Fact]
    public async Task Key_expired_isRefused()
    {
        var secret = await CreateAsync("brief", "--expires", "1s");
        await Eventually.TrueAsync(async () => await StatusAsync(secret) == 401, "the key to expire");
    }

    [Fact]
    public async Task Secret_standsInNoFileOfTheDataFolderAndInNoLog()
    {
        var secret = await CreateAsync("quiet");
        Assert.Equal(200, await StatusAsync(secret));
        await _gateway.StopAsync();
        var needle = System.Text.Encoding.ASCII.GetBytes(secret);
        foreach (var file in Directory.EnumerateFiles(_gateway.DataDirectory, "*", SearchOption.AllDirectories))
        {
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(needle) < 0, file);
        }
        Assert.DoesNotContain(secret, _gateway.Log.Text + _gateway.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCredentialPlace_ofEveryDialect_isAccepted()
    {
        var secret = await CreateAsync("anywhere");
        foreach (var (name, value) in ((string, string)[])[
            ("Authorization", "Bearer " + secret), ("x-api-key", secret), ("x-goog-api-key", secret), ("api-key", secret)])
        {
            foreach (var dialect in Enum.GetValues<CallerDialect>())
            {
                using var request = new Call(dialect, new FakeScript()).ToRequest();
                request.Headers.TryAddWithoutValidation(name, value);
                Assert.Equal(200, (int)(await CallResult.OfAsync(_gateway.Client, request)).Status);
            }
        }
    }

    private async Task<string> CreateAsync(string name, params string[] more)
    {
        var result = await RunAsync(["keys", "create", "--name", name, .. more]);
        var secret = AdminApi.Secret().Match(result.Output).Value;
        Assert.True(secret.Length > 0, result.All);
        return secret;
    }

    private async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var result = await EdgeGwCommand.RunAsync([.. arguments, "--config", _gateway.ConfigFile]);
        Assert.True(result.ExitCode == 0, result.All);
        return result;
    }

    private async Task<int> StatusAsync(string secret) =>
        (int)(await CallResult.OfAsync(_gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = secret })).Status;
}
