using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>The body of a change: JSON, bounded.</summary>
internal static class AdminBody
{
    private const int MaxBody = 64 * 1024;

    /// <param name="mayBeAbsent">A request without a body says all that it must.</param>
    public static async Task<AdminResult<byte[]>> ReadAsync(HttpRequest request, CancellationToken cancellation, bool mayBeAbsent = false)
    {
        if (mayBeAbsent && request.ContentType is null && request.ContentLength is 0 or null && request.Headers.TransferEncoding.Count == 0)
        {
            return Array.Empty<byte>();
        }
        if (!IsJson(request.ContentType))
        {
            return new AdminError(415, "json_expected", "Send a JSON object with Content-Type: application/json.");
        }
        var body = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + read > MaxBody)
            {
                return new AdminError(413, "body_too_large", $"At most {MaxBody} bytes.");
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static bool IsJson(string? contentType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}
