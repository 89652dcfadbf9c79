using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Audit;

/// <summary>Reads the log, also while it is written. Says nothing of whether it is intact: that is <see cref="AuditVerifier"/>'s.</summary>
public static class AuditReader
{
    /// <summary>Lines of the log in a data folder, newest first.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<string> ReadFolder(string dataFolder, AuditQuery query) => Read(AuditFiles.FolderOf(dataFolder), query);

    internal static IReadOnlyList<string> Read(string folder, AuditQuery query)
    {
        var found = new List<string>();
        var segments = AuditFiles.Segments(folder);
        for (var i = segments.Count - 1; i >= 0 && found.Count < query.Limit; i--)
        {
            var lines = LinesOf(folder, segments[i]);
            for (var end = lines.Count - 1; end >= 0 && found.Count < query.Limit; end--)
            {
                if (Matches(lines[end], query))
                {
                    found.Add(Encoding.UTF8.GetString(lines[end].Span));
                }
            }
        }
        return found;
    }

    private static List<ReadOnlyMemory<byte>> LinesOf(string folder, long segment)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        ReadOnlyMemory<byte> rest;
        try
        {
            rest = AuditFiles.Read(folder, segment);
        }
        catch (FileNotFoundException)
        {
            // Given up since the folder was listed.
            return lines;
        }
        while (rest.Span.IndexOf((byte)'\n') is >= 0 and var length)
        {
            lines.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }
        return lines;
    }

    private static bool Matches(ReadOnlyMemory<byte> line, AuditQuery query)
    {
        if (!AuditLine.TryRead(line.Span, out var read) || !read.IsIntact)
        {
            return false;
        }
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var time = root.GetProperty("time").GetDateTimeOffset();
        return !(time < query.From) && !(time >= query.To)
            && (query.Action is null || Wildcard.IsMatch(query.Action, root.GetProperty("action").GetString()!))
            && (query.Actor is null || Wildcard.IsMatch(query.Actor, root.GetProperty("actor").GetString()!));
    }
}
