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

    // Longer than any answer of the tests takes; a gateway that never ends a body must fail its test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends a call and reads its answer to the end, or to where it broke. Throws <see cref="TimeoutException"/> where it never ends.</summary>
    public static async Task<CallResult> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            // Messages of one's own do not take the client's protocol by themselves.
            (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
            using var timeout = new CancellationTokenSource(Patience);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            using var body = new MemoryStream();
            Exception? broken = null;
            try
            {
                await using var stream = await response.Content.ReadAsStreamAsync(timeout.Token);
                await stream.CopyToAsync(body, timeout.Token);
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                broken = fault;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The answer did not end in {Patience.TotalSeconds:0} s; {body.Length} bytes came.");
            }
            return new CallResult(response.StatusCode, response, body.ToArray(), broken);
        }
    }

    public static Task<CallResult> OfAsync(HttpClient client, Call call) => OfAsync(client, call.ToRequest());
}
