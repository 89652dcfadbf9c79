using EdgeGw.Admin;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;

namespace EdgeGw.Tests.Admin;

public sealed class AdminConfigTests
{
    private const string Target = "/admin/v1/config/reload";
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Reload_says_what_changed_and_what_waits_for_a_restart_and_is_audited()
    {
        _admin.Source.Reload = new ReloadReport
        {
            Changes = new ConfigChanges { Added = ["providers.new"], Changed = ["budgets.person"], Removed = ["identity.keys.bot"] },
            RestartNeeded = ["listen.data"],
            Warnings = [new ConfigFault("e.json", 3, 4, "x", "odd")],
        };

        var reply = await _admin.SendAsync("POST", Target);

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            """{"added":["providers.new"],"changed":["budgets.person"],"removed":["identity.keys.bot"],"restart_needed":["listen.data"],"warnings":[{"file":"e.json","line":3,"column":4,"path":"x","message":"odd","suggestion":null}]}""",
            reply.Text.TrimEnd());
        var line = Assert.Single(_admin.Audit);
        Assert.Contains("\"action\":\"config.reload\",\"target\":\"config\",\"result\":\"ok\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_of_a_bad_file_is_400_with_every_fault_and_its_line()
    {
        _admin.Source.Reload = new ReloadReport
        {
            Faults = [new ConfigFault("e.json", 1, 2, "a", "first", "nearest"), new ConfigFault("e.json", 7, 8, "b", "second")],
        };

        var reply = await _admin.SendAsync("POST", Target);

        Assert.Equal((400, "config_invalid"), (reply.Status, reply.ErrorCode));
        Assert.Equal(["1:2 a first nearest", "7:8 b second "], reply.Json.GetProperty("faults").EnumerateArray().Select(static fault =>
            $"{fault.GetProperty("line")}:{fault.GetProperty("column")} {fault.GetProperty("path")} {fault.GetProperty("message")} {fault.GetProperty("suggestion")}"));
        Assert.Contains("\"result\":\"config_invalid\"", Assert.Single(_admin.Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_where_nothing_can_be_loaded_again_is_refused()
    {
        _admin.Source.Refusal = new AdminError(409, "config_fixed", "no");
        var reply = await _admin.SendAsync("POST", Target);
        Assert.Equal((409, "config_fixed"), (reply.Status, reply.ErrorCode));
        Assert.Single(_admin.Audit);
    }

    [Fact]
    public async Task Reload_needs_the_token_and_the_method()
    {
        Assert.Equal(401, (await _admin.SendAsync("POST", Target, authorization: "")).Status);
        var reply = await _admin.GetAsync(Target);
        Assert.Equal((405, "POST"), (reply.Status, reply.Response.Headers.Allow.ToString()));
        Assert.Empty(_admin.Audit);
    }
}
