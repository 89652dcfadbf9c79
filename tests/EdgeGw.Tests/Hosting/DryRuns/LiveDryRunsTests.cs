using System.Text;
using System.Text.Json;
using EdgeGw.Admin;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity;

namespace EdgeGw.Tests.Hosting.DryRuns;

public sealed class LiveDryRunsTests
{
    private static readonly Principal Ann = new() { User = "ann" };
    private static readonly Principal Bob = new() { User = "bob" };

    [Fact]
    public async Task Posted_configuration_judges_what_the_running_gateway_has_recorded_so_far()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 10);
        node.Call(Bob, 20);
        node.Call(Ann, 30);

        var report = await ReportAsync(node.Live(), new DryRunQuery(2, RecordedNode.Config("""
            "policies": [ { "name": "no-ann", "match": { "user": ["ann"] }, "deny": "Not for Ann." } ],
            """)));

        Assert.Equal((2, 1, "0.00005", "0.00002"), Totals(report));
        Assert.Equal("""[{"policy":"no-ann","caller":"ann","calls":1,"recorded_usd":"0.00003","reason":"Not for Ann. (policy \u0022no-ann\u0022)"}]""", report.GetProperty("refused_by").GetRawText());
    }

    [Fact]
    public async Task Configuration_in_force_refuses_nothing_and_costs_what_was_recorded()
    {
        await using var node = await RecordedNode.StartAsync();
        node.Call(Ann, 10);
        var report = await ReportAsync(node.Live(), new DryRunQuery(100, null));
        Assert.Equal((1, 0, "0.00001", "0.00001"), Totals(report));
    }

    [Fact]
    public async Task Second_dry_run_is_refused_while_one_is_under_way()
    {
        await using var node = await RecordedNode.StartAsync();
        using var reached = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        var live = node.Live(() =>
        {
            reached.Release();
            gate.Wait();
        });
        var query = new DryRunQuery(1, RecordedNode.Config(""));

        var first = live.RunAsync(query);
        await reached.WaitAsync();
        var second = await live.RunAsync(new DryRunQuery(1, null));
        gate.Set();

        Assert.Equal((409, "dry_run_under_way"), (second.Error?.Status, second.Error?.Code));
        Assert.Null((await first).Error);
        Assert.Null((await live.RunAsync(query)).Error);
    }

    [Theory]
    [InlineData("\"budgets\": [ { \"name\": \"b\", \"amount_usd\": 1, \"window\": \"mounth\" } ],", "budgets[0].window")]
    [InlineData("\"policies\": [ { \"name\": \"${SECRET}\", \"deny\": true } ],", "policies")]
    [InlineData("\"policies\": [ { \"name\": \"p\", \"deny\": \"\\u0024{SECRET}\" } ],", "policies")]
    [InlineData("\"environment\": \"${SECRET}\",", "environment")]
    [InlineData("\"policies\": [ { \"name\": \"\\ud800\", \"deny\": true } ],", "")]
    [InlineData("\"log\": { \"requests\": 7 },", "log.requests")]
    [InlineData("\"abort\": { \"policy\": \"${SECRET}\" },", "abort.policy")]
    public async Task Faults_are_told_by_path_and_no_secret_is(string rules, string path)
    {
        await using var node = await RecordedNode.StartAsync();
        var answer = (await node.Live(null, ("SECRET", "hunter2hunter2")).RunAsync(new DryRunQuery(1, RecordedNode.Config(rules)))).Value!;
        var fault = Assert.Single(answer.Faults);
        Assert.Equal(("config", path), (fault.File, fault.Path));
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
        Assert.Null(answer.Write);
    }

    [Fact]
    public async Task File_that_is_not_in_force_is_not_read()
    {
        await using var node = await RecordedNode.StartAsync();
        var answer = (await node.Live().RunAsync(new DryRunQuery(1, RecordedNode.Config("", "\"pricing\": { \"files\": [\"/etc/passwd\"] }")))).Value!;
        Assert.Equal("pricing.files[0]", Assert.Single(answer.Faults).Path);
        Assert.StartsWith("is no price file in force", answer.Faults[0].Message, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReportAsync(LiveDryRuns live, DryRunQuery query)
    {
        var result = await live.RunAsync(query);
        Assert.Null(result.Error);
        Assert.Empty(result.Value!.Faults);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            result.Value.Write!(json);
        }
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray())).RootElement;
    }

    private static (int Calls, int Refused, string? Recorded, string? Would) Totals(JsonElement report) => (
        report.GetProperty("calls").GetInt32(), report.GetProperty("refused").GetInt32(), report.GetProperty("recorded_usd").GetString(), report.GetProperty("would_cost_usd").GetString());
}
