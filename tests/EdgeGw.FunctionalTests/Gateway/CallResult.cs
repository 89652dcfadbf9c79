using System.Net;
using System.Text;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>What a caller got: status, headers, and the body as far as it came.</summary>
internal sealed record CallResult(HttpStatusCode Status, HttpResponseMessage Response, byte[] Body, Exception? Broken)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The gateway's own id of the request.</summary>
    public string? RequestId => Header("x-edgegw-request-id");

    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Sends a call and reads its answer to the end, or to where it broke.</summary>
    public static async Task<CallResult> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var body = new MemoryStream();
            Exception? broken = null;
            try
            {
                await using var stream = await response.Content.ReadAsStreamAsync();
                await stream.CopyToAsync(body);
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                broken = fault;
            }
            return new CallResult(response.StatusCode, response, body.ToArray(), broken);
        }
    }

    public static Task<CallResult> OfAsync(HttpClient client, Call call) => OfAsync(client, call.ToRequest());
}
