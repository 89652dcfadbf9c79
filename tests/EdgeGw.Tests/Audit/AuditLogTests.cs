using System.Text.Json;
using EdgeGw.Audit;
using EdgeGw.Configuration;

namespace EdgeGw.Tests.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public void Entry_is_one_line_with_all_that_it_says()
    {
        using var files = new AuditFixture();
        using var log = files.Open();
        log.Write(new AuditEntry("token:5f2a90c1", "budget.raise", "person/ann\n\"x\"")
        {
            Remote = "127.0.0.1",
            Result = "budget_not_found",
            Before = json => json.WriteNumberValue(1),
            After = json => json.WriteStringValue("é"),
        });

        using var line = JsonDocument.Parse(Assert.Single(files.Lines));
        var root = line.RootElement;
        Assert.Equal(
            ["seq", "prev", "time", "actor", "remote", "action", "target", "result", "before", "after", "hash"], root.EnumerateObject().Select(static each => each.Name));
        Assert.Equal(("person/ann\n\"x\"", "é"), (root.GetProperty("target").GetString(), root.GetProperty("after").GetString()));
        Assert.Equal(new string('0', 64), root.GetProperty("prev").GetString());
    }

    [Fact]
    public void Chain_goes_on_after_a_restart_and_over_segments()
    {
        using var files = new AuditFixture().With(5).With(5).With(5);
        Assert.Empty(files.Verification.Damages);
        Assert.Equal(15, files.Verification.Last);
        Assert.True(files.Segments.Length > 2);
    }

    [Fact]
    public void Refusals_of_a_second_are_one_line_with_a_count()
    {
        using var files = new AuditFixture();
        using var log = files.Open();
        for (var i = 0; i < 1000; i++)
        {
            log.Refused("user:ann", "policy.deny", "interns");
        }
        log.Refused("user:tom", "policy.deny", "interns");
        Assert.Empty(files.Segments0());

        files.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["user:ann 1000", "user:tom 1"], files.Lines.Select(Counted));

        log.Refused("user:ann", "policy.deny", "interns");
        files.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("user:ann 1", Counted(files.Lines[^1]));
        Assert.Empty(files.Verification.Damages);
    }

    [Fact]
    public void Refusals_beyond_the_bound_are_counted_in_the_chain()
    {
        using var files = new AuditFixture();
        using var log = files.Open();
        var told = 0;
        log.Dropped = () => told++;
        for (var i = 0; i < 300; i++)
        {
            log.Refused($"user:{i}", "budget.block", "person");
        }
        files.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(257, files.Lines.Length);
        Assert.Contains("\"action\":\"audit.dropped\",\"target\":\"refusals\",\"result\":\"ok\",\"count\":44", files.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(44, told);
    }

    [Fact]
    public void Closing_writes_what_requests_left()
    {
        using var files = new AuditFixture();
        using (var log = files.Open())
        {
            log.Refused("user:ann", "policy.deny", "interns");
        }
        Assert.Single(files.Lines);
    }

    [Fact]
    public void Failed_write_is_told_and_the_chain_says_how_many_are_lost()
    {
        // Each call that changes the disk fails once, while the log is new and when it needs another segment.
        for (var call = 1; call <= 40; call++)
        {
            using var files = new AuditFixture { SegmentBytes = 700 };
            files.Disk.FailAt = call;
            var lost = 0L;
            using (var log = files.Open())
            {
                log.Failed = (_, count) => lost += count;
                for (var i = 0; i < 6; i++)
                {
                    log.Write(new AuditEntry("local:root", "key.create", $"key_{i}"));
                }
            }
            Assert.Equal(files.Disk.HasFailed ? 1 : 0, lost);
            Assert.Empty(files.Verification.Damages);
            var gone = files.Lines.Count(static line => line.Contains("audit.lost", StringComparison.Ordinal));
            var kept = files.Lines.Count(static line => line.Contains("key.create", StringComparison.Ordinal));
            // The last write of all has none after it that could say so.
            Assert.True(kept == 6 - lost && gone <= lost, $"call {call}: {kept} kept, {gone} told");
        }
    }

    [Fact]
    public void Crash_at_any_call_leaves_an_intact_log_that_goes_on()
    {
        for (var call = 1; call <= 60; call++)
        {
            using var files = new AuditFixture { SegmentBytes = 700, Config = new AuditConfig { Keep = TimeSpan.FromDays(1) } };
            files.Disk.FailAt = call;
            files.Disk.Sticky = true;
            using (var log = files.Open())
            {
                for (var i = 0; i < 8; i++)
                {
                    log.Write(new AuditEntry("local:root", "key.create", $"key_{i}"));
                    files.Time.Advance(TimeSpan.FromHours(20));
                }
            }
            Assert.Empty(files.Verification.Damages);
            files.Disk.FailAt = 0;
            files.With(2);
            Assert.Empty(files.Verification.Damages);
        }
    }

    [Fact]
    public void Line_torn_by_a_crash_is_cut_off()
    {
        using var files = new AuditFixture { SegmentBytes = 100_000 }.With(3);
        File.AppendAllText(files.Segments[0], "{\"seq\":4,\"prev\":\"00");
        Assert.Empty(files.Verification.Damages);
        files.With(1);
        Assert.Empty(files.Verification.Damages);
        Assert.Equal(4, files.Verification.Last);
    }

    [Fact]
    public void Segments_older_than_is_to_be_kept_go_whole_and_the_rest_still_verifies()
    {
        using var files = new AuditFixture { Config = new AuditConfig { Keep = TimeSpan.FromDays(100) }, SegmentBytes = 100_000 };
        files.With(6);
        files.Time.Advance(TimeSpan.FromDays(60));
        files.With(6);
        Assert.Equal((12, 1), (files.Lines.Length, files.Verification.First));

        files.Time.Advance(TimeSpan.FromDays(60));
        files.With(1);
        Assert.Equal(7, files.Verification.First);
        Assert.Empty(files.Verification.Damages);
        Assert.Contains("\"action\":\"audit.trim\",\"target\":\"1-6\"", files.Lines[^1], StringComparison.Ordinal);

        // What is not given up may not go.
        File.Delete(files.Segments[0]);
        Assert.NotEmpty(files.Verification.Damages);
    }

    [Fact]
    public void Log_is_no_larger_than_is_allowed()
    {
        using var files = new AuditFixture { Config = new AuditConfig { MaxBytes = 4000 } };
        files.With(50);
        Assert.True(files.Segments.Sum(static path => new FileInfo(path).Length) <= 5000);
        Assert.Empty(files.Verification.Damages);
    }

    [Theory]
    [InlineData("key.*", null, 2)]
    [InlineData("policy.deny", "user:*", 1)]
    [InlineData(null, "user:ann", 2)]
    [InlineData("key.create", "user:ann", 0)]
    [InlineData(null, null, 4)]
    public void Query_finds_what_matches(string? action, string? actor, int count)
    {
        using var files = new AuditFixture();
        using var log = files.Open();
        log.Write(new AuditEntry("token:1", "key.create", "a"));
        log.Write(new AuditEntry("token:1", "key.revoke", "a"));
        log.Write(new AuditEntry("user:ann", "policy.deny", "p"));
        log.Write(new AuditEntry("user:ann", "budget.block", "b"));
        Assert.Equal(count, log.Query(new AuditQuery { Action = action, Actor = actor }).Count);
    }

    [Fact]
    public void Query_takes_the_newest_of_a_period()
    {
        using var files = new AuditFixture();
        var start = files.Time.GetUtcNow();
        for (var day = 0; day < 5; day++)
        {
            files.With(2);
            files.Time.Advance(TimeSpan.FromDays(1));
        }
        var found = AuditReader.ReadFolder(files.DataFolder, new AuditQuery { From = start.AddDays(1), To = start.AddDays(3), Limit = 3 });
        Assert.Equal([6L, 5L, 4L], found.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("seq").GetInt64()));
    }

    private static string Counted(string line)
    {
        using var json = JsonDocument.Parse(line);
        return $"{json.RootElement.GetProperty("actor").GetString()} {(json.RootElement.TryGetProperty("count", out var count) ? count.GetInt64() : 1)}";
    }
}

file static class Folders
{
    public static string[] Segments0(this AuditFixture files) => Directory.Exists(files.Folder) ? files.Segments : [];
}
