using System.Text.Json;
using EdgeGw.Cli;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Hosting.DryRuns;

public sealed class DryRunTests
{
    private static readonly Principal Ann = new() { User = "ann", Groups = ["dev", "ops"] };
    private static readonly Principal Bob = new() { User = "bob", Groups = ["dev"] };

    [Fact]
    public async Task Calls_that_a_policy_would_deny_are_named_by_rule_and_caller_with_what_they_cost()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 10);
        node.Call(Ann, 20);
        node.Call(Bob, 30);

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "no-ops", "match": { "groups": ["ops"] }, "deny": "Not for ops." }, { "name": "watched", "match": { "user": ["bob"] }, "deny": true, "shadow": true } ],
            """);

        Assert.Equal(["policy no-ops ann 2"], RecordedNode.Refusals(report));
        Assert.Equal((30_000, "Not for ops. (policy \"no-ops\")"), (report.RefusedBy[0].Value.Recorded, report.RefusedBy[0].Value.Reason));
        Assert.Equal((3, 2, 60_000, 30_000), (report.Total.Calls, report.Total.Refused, report.Total.Recorded, report.Total.Would));
        Assert.Equal(["ann 30000 0", "bob 30000 30000"], report.Callers.Select(row => $"{row.Key} {row.Value.Recorded} {row.Value.Would}"));
        Assert.Equal(["dev 60000 30000", "ops 30000 0"], report.Groups.Select(row => $"{row.Key} {row.Value.Recorded} {row.Value.Would}"));
        Assert.Equal(("policy", "watched"), Assert.Single(report.WouldBeRefusedBy.Keys));
        Assert.Empty(report.NotJudged);
    }

    [Fact]
    public async Task Time_of_day_is_that_of_the_record()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1); // at 10:30
        node.Time.Now = node.Time.Now.AddHours(12);
        node.Call(Bob, 1);

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "closed", "match": { "time": { "zone": "UTC", "from": "22:00", "to": "06:00" } }, "deny": true } ],
            """);

        Assert.Equal(["policy closed bob 1"], RecordedNode.Refusals(report));
    }

    [Fact]
    public async Task Request_features_decide_as_they_were_recorded()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1, record => record with { Request = record.Request!.Value with { Traits = RequestTraits.Tools } });
        node.Call(Bob, 1, record => record with { Request = record.Request!.Value with { MaxOutput = 5000 } });
        node.Call(Bob, 1);

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "no-tools", "match": { "request": { "tools": true } }, "deny": true }, { "name": "short", "require": { "max_output": 4000 } } ],
            """);

        Assert.Equal(["policy no-tools ann 1", "policy short bob 1"], RecordedNode.Refusals(report));
    }

    [Fact]
    public async Task Rule_with_an_exception_that_no_record_tells_is_not_asked_and_counted_with_the_calls_that_it_may_be_for()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1);
        node.Call(Bob, 1);

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "seniors-only", "match": { "model": ["*"], "except": [ { "claims": { "level": "2" } }, { "user": ["bob"] } ] }, "deny": true } ],
            """);

        Assert.Empty(RecordedNode.Refusals(report));
        Assert.Equal(["policy seniors-only: records do not tell the claims: 1"], RecordedNode.Unjudged(report));
    }

    [Fact]
    public async Task Rules_on_what_no_record_tells_are_not_asked_and_counted_with_the_calls_that_they_may_be_for()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1);
        node.Call(Bob, 1);
        node.Call(Bob, 1, static record => record with { Request = null });

        var report = await node.DryRunAsync("""
            "policies": [
              { "name": "outside", "match": { "networks": ["10.0.0.0/8"], "user": ["ann"] }, "deny": true },
              { "name": "juniors", "match": { "claims": { "level": "1" } }, "deny": true },
              { "name": "large", "match": { "request": { "prompt_bytes_above": 1 } }, "deny": true } ],
            "limits": [ { "name": "rpm", "requests": 1, "window": "1m" } ],
            """);

        Assert.Equal(["policy large ann 1", "policy large bob 1"], RecordedNode.Refusals(report));
        Assert.Equal(
            ["limit rpm: rates are not replayed: 3", "policy juniors: records do not tell the claims: 3",
             "policy large: records do not tell the request (recorded by an older build): 1", "policy outside: records do not tell the network: 1"],
            RecordedNode.Unjudged(report));
        Assert.Equal("recorded by an older build: 1", string.Join("", report.CostsKept.Select(row => $"{row.Key}: {row.Value}")));
    }

    [Fact]
    public async Task Policy_with_several_limits_is_named_once_among_what_is_not_judged()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1);

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "gentle", "match": { "groups": ["dev"] }, "limits": [ { "requests": 1, "window": "1m" }, { "tokens": 1, "window": "1h" } ] } ],
            """);

        Assert.Equal(["limit gentle: rates are not replayed: 1"], RecordedNode.Unjudged(report));
    }

    [Fact]
    public async Task Routed_calls_are_priced_where_they_would_go()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 10, static record => record with { Usage = new Usage { Input = 10, Output = 5 } });
        node.Call(Bob, 10, static record => record with { Provider = "anthropic", Dialect = Dialect.Messages });

        var report = await node.DryRunAsync("""
            "policies": [ { "name": "smaller", "match": { "groups": ["ops"] }, "route": "fast" }, { "name": "nowhere", "match": { "user": ["bob"] }, "route": "openai/small" } ],
            """);

        Assert.Equal((("policy", "smaller", "openai/small"), 1), Assert.Single(report.MovedBy.Select(row => (row.Key, row.Value))));
        Assert.Equal(["policy nowhere bob 1"], RecordedNode.Refusals(report));
        Assert.Equal((30_000, 2_000), (report.Total.Recorded, report.Total.Would));
    }

    [Fact]
    public async Task Alias_is_what_it_would_be_and_a_provider_that_is_gone_refuses()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 10, static record => record with { ModelRequested = "fast", Model = "small", Request = record.Request!.Value with { Traits = RequestTraits.Unified, Target = "small" } });
        node.Call(Bob, 10, static record => record with { Provider = "gone" });

        var loaded = (await node.DryRunAsync(prices: """
            "pricing": { "overrides": [ { "model": "openai/small", "input": "3", "output": "3" } ] }
            """));

        Assert.Equal((("routing unknown_provider bob 1"), 30_000), (Assert.Single(RecordedNode.Refusals(loaded)), loaded.Total.Would));
    }

    [Fact]
    public async Task Costs_that_do_not_follow_from_a_record_are_kept_and_counted()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1, static record => record with { Presumed = true });
        node.Call(Ann, 1, static record => record with { CostSource = CostSource.Caller });
        node.Call(Ann, 1, static record => record with { Request = record.Request!.Value with { Traits = RequestTraits.SeveralModels } });
        node.Call(Ann, 1, static record => record with { Request = record.Request!.Value with { Traits = RequestTraits.FeesByRequest } });
        node.Call(Ann, 1);

        var report = await node.DryRunAsync(prices: """
            "pricing": { "overrides": [ { "model": "openai/big", "input": "5", "output": "5" } ] }
            """);

        Assert.Equal(4 * 1_000 + 5_000, report.Total.Would);
        Assert.Equal(
            ["fees by what the request asked for", "presumed, or a correction of what was presumed", "several models made the answer"], report.CostsKept.Keys);
    }

    [Fact]
    public async Task Model_without_a_price_is_refused_where_a_budget_could_refuse()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 1);
        node.Call(Bob, 1);

        var report = await node.DryRunAsync("""
            "budgets": [ { "name": "ops", "match": { "groups": ["ops"] }, "amount_usd": 1, "window": "month" } ],
            """, prices: """ "pricing": { "unpriced": "block" } """);

        Assert.Equal(["price model_unpriced ann 1"], RecordedNode.Refusals(report));
    }

    [Fact]
    public async Task Budget_refuses_what_does_not_fit_downgrades_and_watches_by_scope_and_window()
    {
        await using var node = await RecordedNode.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            node.Call(Ann, 4_000); // 4,000,000 nano-dollars, held with 1,000 more
        }
        node.Time.Now = node.Time.Now.AddHours(1);
        node.Call(Ann, 4_000);
        node.Call(Bob, 4_000);

        var blocked = await node.DryRunAsync("""
            "budgets": [ { "name": "person", "per": ["user"], "amount_usd": { "default": 0.009, "groups": { "ops": 0.0085 } }, "window": "hour" },
                         { "name": "watch", "amount_usd": 0.005, "window": "day", "at_limit": "shadow" } ],
            """);
        var cheaper = await node.DryRunAsync("""
            "budgets": [ { "name": "person", "per": ["user"], "amount_usd": 0.005, "window": "hour", "at_limit": { "downgrade": "fast" } } ],
            """);

        Assert.Equal(["budget person ann 1"], RecordedNode.Refusals(blocked));
        Assert.Equal("Budget \"person\" has 0.0005 of 0.0085 USD left and this call may cost up to 0.004001 USD. It resets at 2026-03-01T11:00:00Z.", blocked.RefusedBy[0].Value.Reason);
        Assert.Equal((("budget", "watch"), 3), Assert.Single(blocked.WouldBeRefusedBy.Select(row => (row.Key, row.Value))));
        Assert.Equal(((5, 1), 16_000_000), ((blocked.Total.Calls, blocked.Total.Refused), blocked.Total.Would));
        Assert.Equal((("budget", "person", "openai/small"), 2), Assert.Single(cheaper.MovedBy.Select(row => (row.Key, row.Value))));
        Assert.Equal((0, 12_800_000), (cheaper.Total.Refused, cheaper.Total.Would));
    }

    [Fact]
    public async Task Only_the_last_calls_are_read_and_erased_persons_keep_their_pseudonyms()
    {
        await using var node = await RecordedNode.StartAsync();
        for (var i = 1; i <= 9; i++)
        {
            node.Call(Ann, i);
        }
        var (_, erased) = await node.Store.EraseAsync(["ann"]);
        node.Call(Bob, 100);

        var report = await node.DryRunAsync(last: 3);

        Assert.Equal((3, 117_000), (report.Total.Calls, report.Total.Recorded));
        Assert.Equal(["bob", erased.Pseudonym], report.Callers.Select(row => row.Key));
    }

    [Fact]
    public async Task Journal_of_several_pages_is_read_as_far_back_as_is_asked()
    {
        await using var node = await RecordedNode.StartAsync();
        var labels = new Dictionary<string, string> { ["note"] = new('x', 250) };
        for (var i = 1; i <= 3_000; i++)
        {
            node.Call(Ann, i, record => record with { Metadata = labels });
        }

        foreach (var last in new[] { 1, 10, 1_500, 2_999, 3_000, 5_000 })
        {
            var report = await node.DryRunAsync(last: last);
            var calls = Math.Min(last, 3_000);
            Assert.Equal((calls, calls * (6_001L - calls) / 2 * 1_000), (report.Total.Calls, (long)report.Total.Recorded));
        }
    }

    [Fact]
    public async Task Correction_of_a_background_answer_changes_what_its_own_call_was_charged()
    {
        await using var node = await RecordedNode.StartAsync();
        var (hold, draft) = node.Begin(Ann, 10_000, spare: 0)!.Value;
        node.Store.Ledger.Defer(hold, draft with { Presumed = true }, "resp_1", "big", 100, out _);
        var (reading, shown) = node.Begin(Bob, 0, spare: 0, change: static record => record with { Request = record.Request!.Value with { Traits = RequestTraits.Stored } })!.Value;
        var answer = node.Store.Ledger.FindDeferred("openai", "resp_1")!;
        Assert.True(node.Store.Ledger.TryCorrect(reading, answer, shown with { Cost = new NanoUsd(-4_000_000), Corrects = answer.Charge() }, out _));
        node.Call(Ann, 3_000);
        node.Call(Ann, 3_000);

        var report = await node.DryRunAsync("""
            "budgets": [ { "name": "person", "per": ["user"], "amount_usd": 0.011, "window": "day" } ],
            """);

        // 10 presumed, 6 in truth, then 3; another 3 do not fit into 11.
        Assert.Equal(["budget person ann 1"], RecordedNode.Refusals(report));
        Assert.Equal((12_000_000, 9_000_000), (report.Total.Recorded, report.Total.Would));
    }

    [Fact]
    public async Task Folder_of_a_running_node_is_read_and_not_changed()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 5);

        var (code, output, errors) = await node.RunAsync("""
            "policies": [ { "name": "closed", "deny": "Closed." } ],
            """, json: true);

        Assert.Equal((ExitCode.Ok, ""), (code, errors));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, 1), (report.GetProperty("calls").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.Equal(("0.000005", "0"), (report.GetProperty("recorded_usd").GetString(), report.GetProperty("would_cost_usd").GetString()));
        var refused = report.GetProperty("refused_by")[0];
        Assert.Equal(("closed", "ann", "Closed. (policy \"closed\")"), (refused.GetProperty("policy").GetString(), refused.GetProperty("caller").GetString(), refused.GetProperty("reason").GetString()));
        var (_, text, _) = await node.RunAsync("", json: false);
        Assert.Equal("""
            calls     1, 2026-03-01T10:30:00Z to 2026-03-01T10:30:00Z
            refused   0
            cost      0.000005000 USD as recorded, 0.000005000 USD as configured here

            Callers
            caller  calls  refused  recorded USD  would cost USD
            ann         1        0   0.000005000     0.000005000

            Groups
            group  calls  refused  recorded USD  would cost USD
            dev        1        0   0.000005000     0.000005000
            ops        1        0   0.000005000     0.000005000

            """.ReplaceLineEndings(), text);
        node.Call(Ann, 5);
        Assert.Equal(2, (await node.DryRunAsync()).Total.Calls);
    }

    [Fact]
    public async Task Damaged_journal_is_named_and_an_empty_one_has_no_calls()
    {
        await using var node = await RecordedNode.StartAsync();
        Assert.StartsWith("calls     none recorded\n", (await node.RunAsync("", json: false)).Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        node.Call(Ann, 5);
        await node.Store.DisposeAsync();
        var segment = Path.Combine(node.DataFolder, "journal", "segment.0000000000");
        var content = File.ReadAllBytes(segment);
        content[200] ^= 16;
        File.WriteAllBytes(segment, content);

        var thrown = Assert.Throws<EdgeGw.Storage.StorageException>(() => JournalReader.Read(node.DataFolder, 10, static () => []));
        Assert.Contains("verify-journal", thrown.Message, StringComparison.Ordinal);
    }
}
