using EdgeGw.Audit;

namespace EdgeGw.Tests.Audit;

public sealed class AuditSegmentTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(10, 100_000)] // Longer than what is read of an end.
    [InlineData(100_000, 10)]
    [InlineData(100_000, 100_000)]
    public void Times_of_a_segment_are_those_of_its_first_and_last_line_however_long_these_are(int firstLength, int lastLength)
    {
        using var files = new AuditFixture { SegmentBytes = 1 << 20 };
        var begun = files.Time.GetUtcNow();
        using (var log = files.Open())
        {
            log.Write(Entry(firstLength));
            files.Time.Advance(TimeSpan.FromMinutes(1));
            log.Write(Entry(10));
            files.Time.Advance(TimeSpan.FromMinutes(1));
            log.Write(Entry(lastLength));
        }
        File.SetLastWriteTimeUtc(files.Segments.Single(), DateTime.UnixEpoch);

        Assert.Equal(new AuditSegment(1, begun, begun.AddMinutes(2)), AuditSegment.Of(files.Folder, 1));
    }

    private static AuditEntry Entry(int length) => new("token:1", "config.change", "config") { After = json => json.WriteStringValue(new string('x', length)) };
}
