using EdgeGw.Audit;
using EdgeGw.Cli;
using EdgeGw.Tests.Audit;

namespace EdgeGw.Tests.Cli;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task Verify_says_intact_and_exits_0_and_damage_exits_1()
    {
        using var files = new AuditFixture().With(3);
        var sound = new CliRun();
        Assert.Equal(ExitCode.Ok, await sound.Async("audit", "verify", "--data-dir", files.DataFolder));
        Assert.StartsWith("3 lines, 1 to 3; intact; last hash ", sound.Out.ToString(), StringComparison.Ordinal);

        files.Edit(2, (lines, at) => lines.RemoveAt(at));
        var damaged = new CliRun();
        Assert.Equal(ExitCode.Failure, await damaged.Async("audit", "verify", "--data-dir", files.DataFolder));
        Assert.StartsWith("damage: lines 2 to 2 are missing\n2 lines, 1 to 3; 1 damages;", damaged.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_prints_matching_lines_oldest_first()
    {
        using var files = new AuditFixture().With(3);
        using (var log = files.Open())
        {
            log.Write(new AuditEntry("user:ann", "policy.deny", "interns"));
        }
        var run = new CliRun();
        Assert.Equal(ExitCode.Ok, await run.Async("audit", "list", "--action", "key.*", "--limit", "2", "--data-dir", files.DataFolder));
        Assert.Equal(files.Lines[1..3], run.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("erase")]
    [InlineData("erase", "--user", "")]
    [InlineData("audit")]
    [InlineData("audit", "list", "--from", "soon")]
    public async Task Incomplete_command_line_exits_2(params string[] arguments)
    {
        var run = new CliRun();
        Assert.Equal(ExitCode.Usage, await run.Async(arguments));
        Assert.Equal((null, null), run.Plane.Erased);
    }

    [Fact]
    public async Task Erase_asks_the_control_plane_and_prints_the_pseudonym()
    {
        var folder = Directory.CreateTempSubdirectory("edgegw-erase-");
        try
        {
            var config = CliRun.WriteConfig(folder.FullName, """{ "listen": { "admin": "127.0.0.1:0" }, "data_dir": "data" }""");
            var run = new CliRun();
            Assert.Equal(ExitCode.Ok, await run.Async("erase", "--user", "ann", "--email", "ann@example.com", "--config", config));
            Assert.Equal(("ann", "ann@example.com"), run.Plane.Erased);
            Assert.Equal("erased:0123: 3 rows of usage, 2 scopes of budgets, 1 recent requests\n", run.Out.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
