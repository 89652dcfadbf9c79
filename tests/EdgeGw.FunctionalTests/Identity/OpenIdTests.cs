using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>The gateway before a real OpenID provider, well and not well.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [RequiresNodeFact]
    public async Task Tokens_of_people_and_of_clients_name_their_callers()
    {
        await using var issuer = await NodeIssuer.StartOpenIdAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(IdentityConfig.For(_provider, issuer));
        foreach (var algorithm in (string[])["RS256", "ES256"])
        {
            var token = await issuer.LoginAsync("ann", algorithm, "ml", "leads");
            Assert.Equal(200, (int)(await gateway.SendAsync(token, id: algorithm)).Status);
            var record = await gateway.Log.RecordOfCallAsync(algorithm);
            Assert.Contains("""{"user":"ann","email":"ann@example.com","groups":["leads","ml"]}""", record.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(200, (int)(await gateway.SendAsync(await issuer.TokenAsync("client"), id: "client")).Status);
        Assert.Contains("\"user\":\"gateway-tests\"", (await gateway.Log.RecordOfCallAsync("client")).ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (await issuer.FetchesAsync("discovery"), await issuer.FetchesAsync("keys")));
    }

    [RequiresNodeFact]
    public async Task Unknown_keys_by_the_thousand_cost_the_issuer_one_fetch_a_minute_and_a_new_key_is_found_by_it()
    {
        await using var issuer = await NodeIssuer.StartOpenIdAsync();
        var before = await issuer.LoginAsync("ann");
        await using var gateway = await EdgeGwProcess.StartAsync(IdentityConfig.For(_provider, issuer));
        Assert.Equal(200, await gateway.StatusAsync(before));
        var started = TimeProvider.System.GetTimestamp();
        await issuer.AskAsync("rotate", new() { ["keep"] = false });
        var after = await issuer.LoginAsync("bob");

        var storm = (await issuer.AskAsync("forge"))["forged"]!["storm"]!.AsArray().Select(static token => (string)token!).ToArray();
        var refused = 0;
        await Parallel.ForEachAsync(storm, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (token, _) =>
        {
            if ((await gateway.SendAsync(token)).Status == System.Net.HttpStatusCode.Unauthorized)
            {
                Interlocked.Increment(ref refused);
            }
        });
        Assert.Equal(storm.Length, refused);
        Assert.InRange(await issuer.FetchesAsync("keys"), 1, 1 + Minutes());

        await Eventually.TrueAsync(async () => await gateway.StatusAsync(after) == 200, "the new key", TimeSpan.FromSeconds(90));
        // The old one is published no longer.
        Assert.Equal(401, await gateway.StatusAsync(before));
        Assert.InRange(await issuer.FetchesAsync("keys"), 2, 1 + Minutes());
        Assert.DoesNotContain("eyJ", gateway.Log.Text + gateway.Errors.Text, StringComparison.Ordinal);

        // Begun ones count: each may have had its fetch.
        int Minutes() => (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(started).TotalMinutes);
    }

    [RequiresNodeFact]
    public async Task Issuer_that_is_away_holds_up_no_known_key_and_without_any_it_is_503()
    {
        await using var issuer = await NodeIssuer.StartOpenIdAsync();
        var (ann, bob) = (await issuer.LoginAsync("ann"), await issuer.LoginAsync("bob"));
        await using var gateway = await EdgeGwProcess.StartAsync(IdentityConfig.For(_provider, issuer));
        Assert.Equal(200, await gateway.StatusAsync(ann));
        await issuer.AskAsync("stop");
        Assert.Equal(200, await gateway.StatusAsync(ann));
        Assert.Equal(200, await gateway.StatusAsync(bob));

        await using var late = await EdgeGwProcess.StartAsync(IdentityConfig.For(_provider, issuer));
        foreach (var dialect in (CallerDialect[])[CallerDialect.Chat, CallerDialect.Messages, CallerDialect.Gemini])
        {
            var refused = await late.SendAsync(ann, dialect);
            Assert.Equal(503, (int)refused.Status);
            Assert.NotNull(refused.Header("retry-after"));
            ErrorEnvelope.Check(dialect, refused);
        }
        Assert.Contains($"edgegw_issuer_key_fetches_total{{issuer=\"{issuer.Name}\",result=\"unreachable\"}}", await late.MetricsAsync(), StringComparison.Ordinal);
        await issuer.AskAsync("start");
        await Eventually.TrueAsync(async () => await late.StatusAsync(ann) == 200, "the issuer's return");
    }

    [RequiresNodeFact]
    public async Task Slow_issuer_is_asked_once_for_all_who_wait_and_keeps_nobody_waiting_who_need_not()
    {
        await using var issuer = await NodeIssuer.StartOpenIdAsync();
        var token = await issuer.LoginAsync("ann");
        await issuer.AskAsync("slow", new() { ["milliseconds"] = 2000 });
        var config = IdentityConfig.For(_provider, issuer);
        config["identity"]!["anonymous"] = true;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var waiting = Enumerable.Range(0, 20).Select(_ => gateway.StatusAsync(token)).ToArray();
        Assert.Equal(200, (int)(await gateway.SendAsync(null)).Status);
        Assert.All(await Task.WhenAll(waiting), static status => Assert.Equal(200, status));
        Assert.Equal((1, 1), (await issuer.FetchesAsync("discovery"), await issuer.FetchesAsync("keys")));
    }

    [RequiresNodeTheory]
    [InlineData("issuer", "https://accounts.example")]
    [InlineData("issuer", "http://localhost")]
    [InlineData("jwks_uri", "http://127.0.0.1:1/keys")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    [InlineData("jwks_uri", "")]
    public async Task Metadata_that_is_wrong_gives_no_keys_and_right_again_does(string name, string value)
    {
        await using var issuer = await NodeIssuer.StartOpenIdAsync();
        var token = await issuer.LoginAsync("ann");
        await issuer.AskAsync("lie", new() { ["metadata"] = new JsonObject { [name] = value } });
        await using var gateway = await EdgeGwProcess.StartAsync(IdentityConfig.For(_provider, issuer));
        Assert.Equal(503, await gateway.StatusAsync(token));
        Assert.Equal(0, await issuer.FetchesAsync("keys"));
        Assert.Contains($"edgegw_issuer_key_fetches_total{{issuer=\"{issuer.Name}\",result=\"invalid\"}}", await gateway.MetricsAsync(), StringComparison.Ordinal);
        await issuer.AskAsync("lie", new() { ["metadata"] = null });
        await Eventually.TrueAsync(async () => await gateway.StatusAsync(token) == 200, "the right metadata");
    }
}
