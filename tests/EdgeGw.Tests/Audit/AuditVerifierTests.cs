using System.Text.Json;
using EdgeGw.Audit;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Audit;

public sealed class AuditVerifierTests : IDisposable
{
    private const int Lines = 12;
    private readonly AuditFixture _log = new AuditFixture().With(Lines);

    [Fact]
    public void Untouched_log_over_several_segments_is_intact()
    {
        Assert.True(_log.Segments.Length >= 3);
        var found = _log.Verification;
        Assert.Equal((Lines, 1, Lines, 64), (found.Lines, found.First, found.Last, found.Hash.Length));
        Assert.Empty(found.Damages);
    }

    [Fact]
    public void Empty_log_is_intact()
    {
        using var empty = new AuditFixture();
        Assert.Equal((0, 0), (empty.Verification.Lines, empty.Verification.Damages.Count));
    }

    [Fact]
    public void Changed_line_is_named()
    {
        _log.Edit(7, (lines, at) => lines[at] = lines[at].Replace("key_7", "key_8", StringComparison.Ordinal));
        Assert.Equal(["line 7 was changed: its hash is not that of its content"], _log.Verification.Damages);
    }

    [Fact]
    public void Changed_line_with_a_hash_made_anew_does_not_fit_into_the_chain()
    {
        var forged = Forge(_log.Lines[6], "key_7", "key_8");
        _log.Edit(7, (lines, at) => lines[at] = forged);
        Assert.Equal(["line 8 does not follow the line before it: one of the two was replaced"], _log.Verification.Damages);
    }

    [Fact]
    public void Last_line_with_a_hash_made_anew_is_not_the_one_that_the_head_names()
    {
        var forged = Forge(_log.Lines[^1], "key_12", "key_13");
        _log.Edit(Lines, (lines, at) => lines[at] = forged);
        Assert.Equal(["line 12 is not the one that the head names"], _log.Verification.Damages);
    }

    [Fact]
    public void Removed_line_is_missed()
    {
        _log.Edit(5, (lines, at) => lines.RemoveAt(at));
        Assert.Equal(["lines 5 to 5 are missing"], _log.Verification.Damages);
    }

    [Fact]
    public void Exchanged_lines_are_found()
    {
        _log.Edit(1, (lines, at) => (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]));
        Assert.Contains("line 1 stands where line 3 should: lines were exchanged or repeated", _log.Verification.Damages);
    }

    [Fact]
    public void Repeated_line_is_found()
    {
        _log.Edit(5, (lines, at) => lines.Insert(at, lines[at]));
        Assert.Equal(["line 5 stands where line 6 should: lines were exchanged or repeated"], _log.Verification.Damages);
    }

    [Fact]
    public void Cut_tail_is_found()
    {
        _log.Edit(Lines, (lines, at) => lines.RemoveAt(at));
        Assert.Equal(["the end is missing: lines 12 to 12"], _log.Verification.Damages);
    }

    [Fact]
    public void Tail_cut_within_a_line_is_found()
    {
        using (var segment = File.OpenWrite(_log.Segments[^1]))
        {
            segment.SetLength(segment.Length - 1);
        }
        Assert.Contains("line 12 is cut off", _log.Verification.Damages);
    }

    [Fact]
    public void Missing_segment_is_found_wherever_it_was()
    {
        foreach (var segment in _log.Segments)
        {
            var content = File.ReadAllBytes(segment);
            File.Delete(segment);
            Assert.Contains(_log.Verification.Damages, damage => damage.Contains("missing", StringComparison.Ordinal));
            File.WriteAllBytes(segment, content);
        }
        Assert.Empty(_log.Verification.Damages);
    }

    [Fact]
    public void Missing_head_is_found()
    {
        File.Delete(Path.Combine(_log.Folder, "head"));
        Assert.Single(_log.Verification.Damages);
    }

    [Fact]
    public void Damage_that_a_start_finds_stays_in_the_log()
    {
        _log.Edit(Lines, (lines, at) => lines.RemoveAt(at));
        using (var log = _log.Open())
        {
            log.Write(new AuditEntry("local:root", "key.revoke", "key_1"));
        }
        Assert.Equal(
            ["lines 12 to 12 are missing", "line 13: the gateway found the log damaged when it started"], _log.Verification.Damages);
        Assert.Contains("key.revoke", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Any_changed_byte_is_found()
    {
        string[] files = [.. _log.Segments, Path.Combine(_log.Folder, "head")];
        var contents = files.Select(File.ReadAllBytes).ToArray();
        var changes =
            from file in Gen.Choose(0, files.Length - 1)
            from at in Gen.Choose(0, contents[file].Length - 1)
            from bits in Gen.Choose(1, 255)
            select (file, at, bits);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var changed = contents[change.file].ToArray();
            changed[change.at] ^= (byte)change.bits;
            File.WriteAllBytes(files[change.file], changed);
            var damages = _log.Verification.Damages;
            File.WriteAllBytes(files[change.file], contents[change.file]);
            return damages.Count > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.Empty(_log.Verification.Damages);
    }

    public void Dispose() => _log.Dispose();

    /// <summary>A line with something replaced and the right hash for it, computed by this test's own hand.</summary>
    private static string Forge(string line, string before, string after)
    {
        var covered = line[..line.IndexOf(",\"hash\":", StringComparison.Ordinal)].Replace(before, after, StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(covered)));
        var forged = $"{covered},\"hash\":\"{hash}\"}}";
        using var json = JsonDocument.Parse(forged);
        return forged;
    }
}
