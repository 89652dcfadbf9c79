using System.Text.Json;

namespace EdgeGw.Audit;

/// <summary>A file of lines.</summary>
/// <param name="First">The number of its first line.</param>
/// <param name="Begun">When that was written.</param>
/// <param name="Ended">When its last line was written.</param>
internal sealed record AuditSegment(long First, DateTimeOffset Begun, DateTimeOffset Ended)
{
    /// <summary>Longer than lines are, but for those of a large change of the configuration.</summary>
    private const int End = 64 * 1024;

    /// <summary>Reads the times from the lines at both ends, so that a start does not read years of them; where these cannot be read, from the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditSegment Of(string folder, long first)
    {
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(AuditFiles.Segment(folder, first)), TimeSpan.Zero);
        var begun = TimeOf(FirstLine(AuditFiles.ReadStart(folder, first, End))) ?? TimeOf(FirstLine(AuditFiles.Read(folder, first))) ?? written;
        var ended = TimeOf(LastLine(AuditFiles.ReadEnd(folder, first, End))) ?? TimeOf(LastLine(AuditFiles.Read(folder, first))) ?? written;
        return new AuditSegment(first, begun, ended);
    }

    private static ReadOnlyMemory<byte> FirstLine(ReadOnlyMemory<byte> text) => text[..Math.Max(0, text.Span.IndexOf((byte)'\n'))];

    private static ReadOnlyMemory<byte> LastLine(ReadOnlyMemory<byte> text)
    {
        var whole = text[..Math.Max(0, text.Span.LastIndexOf((byte)'\n'))];
        return whole[(whole.Span.LastIndexOf((byte)'\n') + 1)..];
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
