using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Admin;

/// <summary>Reads the body of <c>POST /admin/v1/keys/{id}/rotate</c>: nothing, or how long the old secret works on.</summary>
internal static class RotationParser
{
    /// <summary>Time enough to bring the new secret to where the old one is.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    internal static AdminResult<KeyRotation> Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return new KeyRotation(Usual);
        }
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Invalid;
            }
            TimeSpan? overlap = null;
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (overlap is not null || field.Name != "overlap" || field.Value.ValueKind != JsonValueKind.String
                    || !DurationText.TryParse(field.Value.GetString(), out var span) || span > KeyRotation.LongestOverlap)
                {
                    return Invalid;
                }
                overlap = span;
            }
            return new KeyRotation(overlap ?? Usual);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Invalid;
        }
    }

    private static AdminError Invalid => new(400, "invalid_rotation", "A JSON object is expected, with nothing in it or with overlap: a span from 0s to 90d such as 24h.");
}

/// <summary>The wish for a new secret.</summary>
/// <param name="Overlap">How long those from before work on.</param>
public sealed record KeyRotation(TimeSpan Overlap)
{
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(90);
}
