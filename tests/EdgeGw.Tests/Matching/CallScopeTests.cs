using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Matching;

/// <summary>Which calls a budget is for, how it is split, and what it does at its limit.</summary>
public sealed class CallScopeTests : IDisposable
{
    private static readonly Principal Ann = new()
    {
        User = "ann",
        Email = "ann@acme.test",
        Groups = ["ml", "senior"],
        KeyName = "laptop",
        KeyId = "key_1",
        Metadata = new Dictionary<string, string> { ["team"] = "search" },
    };

    private static readonly Principal Bot = new() { Service = "review-bot", KeyName = "bot", KeyId = "key_2" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-scope-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<CallMatch, bool, bool> Matches => new()
    {
        { new() { Users = ["ann"] }, true, false },
        { new() { Users = ["*"] }, true, false },
        { new() { Emails = ["*@acme.test"] }, true, false },
        { new() { Groups = ["interns", "ml"] }, true, false },
        { new() { Services = ["review-*"] }, false, true },
        { new() { Keys = ["key_2"] }, false, true },
        { new() { Keys = ["laptop"], Groups = ["ml"] }, true, false },
        { new() { Keys = ["laptop"], Groups = ["interns"] }, false, false },
        { new() { Models = ["gpt-4o*"] }, true, true },
        { new() { Models = ["openai/gpt-4o*"] }, true, true },
        { new() { Models = ["azure/gpt-4o*", "claude-*"] }, false, false },
        { new() { Providers = ["openai"] }, true, true },
        { new() { Providers = ["local"] }, false, false },
        { new() { Metadata = new Dictionary<string, string> { ["team"] = "search" } }, true, false },
        { new() { Metadata = new Dictionary<string, string> { ["team"] = "billing" } }, false, true },
    };

    [Theory]
    [MemberData(nameof(Matches))]
    public async Task Budget_holds_the_calls_that_it_matches_and_no_others(CallMatch match, bool ann, bool bot)
    {
        await using var store = await OpenAsync(Budget("b", 10) with { Match = match });
        // The caller's own word on its team counts only where its key says nothing.
        foreach (var (caller, expected) in ((Principal, bool)[])[(Ann, ann), (Bot, bot)])
        {
            var before = Held(store);
            store.Ledger.TryHold(caller, Usd(1), Draft(caller));
            Assert.Equal(expected ? Usd(1) : NanoUsd.Zero, Held(store) - before);
        }
    }

    [Fact]
    public async Task Budget_split_by_several_dimensions_has_a_slot_for_each_combination()
    {
        await using var store = await OpenAsync(Budget("b", 10) with { Per = [CallDimension.User, CallDimension.Model, CallDimension.Metadata("team")] });
        Assert.NotNull(store.Ledger.TryHold(Ann, Usd(6), Draft(Ann)).Hold);
        Assert.NotNull(store.Ledger.TryHold(Ann, Usd(6), Draft(Ann, model: "o3")).Hold);
        Assert.NotNull(store.Ledger.TryHold(Ann with { User = "bob" }, Usd(6), Draft(Ann)).Hold);
        Assert.Null(store.Ledger.TryHold(Ann, Usd(6), Draft(Ann)).Hold);

        Assert.Equal(["user=ann,model=gpt-4o,metadata.team=search", "user=ann,model=o3,metadata.team=search", "user=bob,model=gpt-4o,metadata.team=search"],
            store.Ledger.Statuses().Select(status => status.Scope));
    }

    [Fact]
    public async Task Budget_by_group_holds_a_member_of_two_groups_on_both()
    {
        await using var store = await OpenAsync(Budget("b", 10) with { Per = [CallDimension.Group] });
        Assert.NotNull(store.Ledger.TryHold(Ann, Usd(6), Draft(Ann)).Hold);
        Assert.NotNull(store.Ledger.TryHold(Ann with { Groups = ["other"] }, Usd(6), Draft(Ann)).Hold);

        Assert.Equal("senior", store.Ledger.TryHold(Ann with { Groups = ["other2", "senior"] }, Usd(6), Draft(Ann)).Refusal!.Scope);
        Assert.Equal(["ml", "other", "senior"], store.Ledger.Statuses().Select(status => status.Scope));
    }

    [Fact]
    public async Task Budget_split_by_what_a_caller_lacks_is_not_for_it()
    {
        await using var store = await OpenAsync(Budget("b", 1) with { Per = [CallDimension.User] });
        Assert.NotNull(store.Ledger.TryHold(Bot, Usd(1000), Draft(Bot)).Hold);
        Assert.False(store.Ledger.CouldRefuse(Bot, Draft(Bot)));
        Assert.True(store.Ledger.CouldRefuse(Ann, Draft(Ann)));
    }

    [Fact]
    public async Task Amount_is_the_highest_of_the_callers_groups_or_the_default()
    {
        await using var store = await OpenAsync(Budget("b", 5) with
        {
            Per = [CallDimension.User],
            GroupAmounts = new Dictionary<string, NanoUsd> { ["ml"] = Usd(7), ["senior"] = Usd(20) },
        });
        Assert.NotNull(store.Ledger.TryHold(Ann, Usd(20), Draft(Ann)).Hold);
        var bob = Ann with { User = "bob", Groups = ["sales"] };
        Assert.Equal(Usd(5), store.Ledger.TryHold(bob, Usd(6), Draft(bob)).Refusal!.Limit);
        store.Ledger.TryHold(bob, Usd(1), Draft(bob));
        Assert.Equal([("ann", Usd(20)), ("bob", Usd(5))], store.Ledger.Statuses().Select(status => (status.Scope, status.Limit)));
    }

    [Theory]
    [InlineData(AtLimit.Warn)]
    [InlineData(AtLimit.Shadow)]
    public async Task Budget_that_does_not_block_lets_the_call_pass_and_says_so(AtLimit action)
    {
        await using var store = await OpenAsync(Budget("soft", 1) with { AtLimit = action }, Budget("hard", 100));
        var first = store.Ledger.TryHold(Ann, Usd(1), Draft(Ann));
        Assert.Null(first.Passed);
        var second = store.Ledger.TryHold(Ann, Usd(2), Draft(Ann));

        Assert.Equal(("soft", action, NanoUsd.Zero), (second.Passed!.Single().Budget, second.Passed!.Single().Action, second.Passed!.Single().Remaining));
        store.Ledger.Settle(second.Hold!, Draft(Ann) with { Cost = Usd(2) }, out var tightest);
        Assert.Equal(action == AtLimit.Warn ? NanoUsd.Zero : Usd(97), tightest!.Value.Remaining);
        Assert.Equal(Usd(2), store.Ledger.Statuses().Single(status => status.Budget == "soft").Spent);
    }

    [Fact]
    public async Task Refusal_by_one_budget_takes_nothing_from_any_slot_of_another()
    {
        await using var store = await OpenAsync(Budget("groups", 100) with { Per = [CallDimension.Group] }, Budget("person", 5) with { Per = [CallDimension.User] });
        Assert.Equal("person", store.Ledger.TryHold(Ann, Usd(6), Draft(Ann)).Refusal!.Budget);
        Assert.All(store.Ledger.Statuses(), status => Assert.Equal(NanoUsd.Zero, status.Held));
    }

    [Fact]
    public void Scopes_of_different_values_are_different()
    {
        var text = Gen.Elements("a", "b", ",", "%", "=", "a,model=b", "%2C", "user=a");
        Prop.ForAll((from a in text from b in text from c in text from d in text select (a, b, c, d)).ToArbitrary(), v =>
        {
            var (first, second) = (ScopeOf(v.a, v.b), ScopeOf(v.c, v.d));
            return (first == second) == ((v.a, v.b) == (v.c, v.d));
        }).QuickCheckThrowOnFailure();
    }

    private static string ScopeOf(string user, string model)
    {
        var scopes = new List<string>();
        CallScope.AddTo(scopes, [CallDimension.User, CallDimension.Model], new CallSubject(new Principal { User = user }, "p", model, new Dictionary<string, string>()));
        return Assert.Single(scopes);
    }

    private Task<DataStore> OpenAsync(params BudgetConfig[] budgets) =>
        DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName, Budgets = budgets }, null, TimeProvider.System);

    private static NanoUsd Held(DataStore store) => new(store.Ledger.Statuses().Sum(status => status.Held.Value));

    private static BudgetConfig Budget(string name, long dollars) => new() { Name = name, Amount = Usd(dollars), Window = BudgetWindow.Month };

    private static NanoUsd Usd(long dollars) => NanoUsd.FromDollars(dollars);

    private static UsageRecord Draft(Principal caller, string model = "gpt-4o") => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UtcNow,
        Principal = caller,
        Metadata = new Dictionary<string, string> { ["team"] = "billing" },
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        Model = model,
        Outcome = EdgeGw.Requests.Outcome.Completed,
    };
}
