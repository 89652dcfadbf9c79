using System.Text.Json;

namespace EdgeGw.Audit;

/// <summary>A file of lines.</summary>
/// <param name="First">The number of its first line.</param>
/// <param name="Begun">When that was written.</param>
/// <param name="Ended">When its last line was written.</param>
internal sealed record AuditSegment(long First, DateTimeOffset Begun, DateTimeOffset Ended)
{
    /// <summary>Reads the times from the lines; where these cannot be read, from the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditSegment Of(string folder, long first)
    {
        var content = AuditFiles.Read(folder, first);
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(AuditFiles.Segment(folder, first)), TimeSpan.Zero);
        var end = content.AsSpan().LastIndexOf((byte)'\n');
        var begun = TimeOf(content.AsMemory(0, content.AsSpan().IndexOf((byte)'\n') is > 0 and var length ? length : 0)) ?? written;
        return new AuditSegment(first, begun, end <= 0 ? begun : TimeOf(content.AsMemory(..end)[(content.AsSpan(..end).LastIndexOf((byte)'\n') + 1)..]) ?? written);
    }

    private static DateTimeOffset? TimeOf(ReadOnlyMemory<byte> bytes)
    {
        if (!AuditLine.TryRead(bytes.Span, out var line) || !line.IsIntact)
        {
            return null;
        }
        using var json = JsonDocument.Parse(bytes);
        return json.RootElement.GetProperty("time").GetDateTimeOffset();
    }
}
