using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>A thousand people in fifty groups under two hundred policies, each with a budget: every cent under the name of who spent it.</summary>
public sealed class CompanyTests : IAsyncLifetime
{
    private const int Users = 1000;
    private const int Groups = 50;
    private const int CallsEach = 4;
    private const int AtOnce = 32;
    private const decimal Default = 0.5m;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private FakeProvider _provider = null!;
    private NodeIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _issuer = await NodeIssuer.StartOpenIdAsync();
    }

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [RequiresNodeFact]
    public async Task Thousand_people_at_once_are_each_charged_what_they_spent_and_nothing_else()
    {
        await using var gateway = await EdgeGwProcess.StartAsync(Config());
        var tokens = (await _issuer.AskAsync("logins", new()
        {
            ["wishes"] = new JsonArray([.. Enumerable.Range(0, Users).Select(static user => Wish($"user-{user:000}", GroupsOf(user)))]),
        }))["tokens"]!.AsArray().Select(static token => (string)token!).ToArray();

        // Neighbours at the same time, and everybody's calls apart: attribution by anything but the call's own token would show.
        var unexpected = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Users * CallsEach), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var (user, round) = (number % Users, number / Users);
            var script = new FakeScript { Id = $"user-{user:000}.{round}", Input = 10 + user, Output = 1 + ((user * 7) + round) % 40 };
            var answer = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, script) { Key = tokens[user], Stream = round % 2 == 1, MaxOutput = 100 });
            if ((int)answer.Status != (IsDenied(user) ? 403 : 200) || answer.Broken is not null)
            {
                unexpected.Enqueue($"user {user}: {(int)answer.Status} {answer.Text}");
            }
        });
        Assert.Empty(unexpected);
        await Eventually.TrueAsync(() => gateway.Log.Records.Count >= Users * CallsEach, "the usage records", Patience);

        var billed = _provider.Ledger.Calls.GroupBy(static call => call.Id.Split('.')[0]).ToDictionary(static calls => calls.Key, static calls => calls.Sum(Prices.Cost));
        Assert.Equal(Enumerable.Range(0, Users).Count(static user => !IsDenied(user)), billed.Count);
        await gateway.AdminApi.SettledAsync("person");
        var spent = (await gateway.AdminApi.BudgetAsync("person")).Where(static slot => slot.Spent != 0).ToDictionary(static slot => slot.Scope, static slot => slot.Spent);
        Assert.Equal(billed.OrderBy(static each => each.Key).Select(static each => (each.Key, each.Value)), spent.OrderBy(static each => each.Key).Select(static each => (each.Key, each.Value)));

        Assert.All(gateway.Log.Records, static record => Assert.Contains($"\"user\":\"{record.Call!.Split('.')[0]}\"", record.ToString(), StringComparison.Ordinal));
        var usage = await gateway.AdminApi.JsonAsync("/admin/v1/usage?by=user");
        var rows = usage.GetProperty("rows").EnumerateArray().Select(static row => (User: row.GetProperty("user").GetString()!, Cost: Nano.Parse(row.GetProperty("cost_usd").GetString()!)))
            .Where(static row => row.Cost != 0).ToDictionary(static row => row.User, static row => row.Cost);
        Assert.Equal(billed.OrderBy(static each => each.Key), rows.OrderBy(static each => each.Key));
        Assert.Equal(billed.Values.Sum(), await gateway.AdminApi.RecordedCostAsync());
    }

    [RequiresNodeTheory]
    [InlineData("newcomer", 0.5)]
    [InlineData("senior", 2)]
    public async Task First_burst_of_somebody_never_seen_is_held_to_the_budget_already(string user, double dollars)
    {
        await using var gateway = await EdgeGwProcess.StartAsync(Config());
        var token = await _issuer.LoginAsync(user, "ES256", user == "senior" ? ["senior"] : ["interns"]);
        // About a tenth of a dollar each, all of it spent.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 64).Select(async number =>
        {
            var script = new FakeScript { Id = $"{user}.{number}", Output = 10_000, Chunks = 1, Pace = 200 };
            return (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, script) { Key = token, MaxOutput = 10_000 })).Status;
        }));
        var spent = await gateway.AdminApi.SettledAsync("person");
        var budget = (long)((decimal)dollars * 1_000_000_000m);
        var each = Prices.Of("chat").Cost(20, 0, 0, 10_000);
        Assert.Equal(_provider.Ledger.Calls.Sum(Prices.Cost), spent);
        Assert.InRange(spent, 1, budget);
        Assert.Equal(spent / each, statuses.Count(static status => status == HttpStatusCode.OK));
        Assert.All(statuses, static status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        // No room was left unused by more than what a hold is larger than its cost.
        Assert.True(spent > budget - (2 * each), string.Create(CultureInfo.InvariantCulture, $"{spent} of {budget}"));
    }

    private JsonObject Config()
    {
        var config = IdentityConfig.For(_provider, _issuer);
        var policies = new JsonArray();
        for (var i = 0; i < 200; i++)
        {
            policies.Add(JsonNode.Parse(i % 4 == 0
                ? $$"""{ "name": "deny-{{i}}", "match": { "groups": ["group-{{i % Groups}}"], "model": ["secret-{{i}}*"] }, "deny": true }"""
                : $$"""{ "name": "allow-{{i}}", "match": { "groups": ["group-{{i % Groups}}"] }, "allow": { "models": ["{{(i % Groups == 13 ? "elsewhere" : "openai")}}/*"] } }"""));
        }
        config["policies"] = policies;
        config["budgets"] = new JsonArray(new JsonObject
        {
            ["name"] = "person",
            ["per"] = new JsonArray("user"),
            ["amount_usd"] = new JsonObject { ["default"] = Default, ["groups"] = new JsonObject { ["senior"] = 2 } },
            ["window"] = "month",
        });
        return config;
    }

    /// <summary>Group 13 alone may use no model that there is, and who is in another beside it may.</summary>
    private static bool IsDenied(int user) => GroupsOf(user).All(static group => group == "group-13");

    private static string[] GroupsOf(int user) => user % 3 == 0 ? [$"group-{user % Groups}"] : [$"group-{user % Groups}", $"group-{(user + 1) % Groups}"];

    private static JsonObject Wish(string user, string[] groups) => new()
    {
        ["user"] = user,
        ["alg"] = "ES256",
        ["claims"] = new JsonObject { ["groups"] = new JsonArray([.. groups.Select(static group => JsonValue.Create(group))]) },
    };
}
