using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>A receiver of webhooks on a loopback port. Checks every signature by itself, and fails as often as it is told to before it takes anything.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private LoopbackServer _server = null!;
    private readonly ConcurrentQueue<JsonElement> _taken = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private int _failures;
    private int _tries;

    private WebhookReceiver(int failures) => _failures = failures;

    /// <summary>With a token in the query, as many receivers want.</summary>
    public Uri Url => new(_server.Address + "/hook?token=t0psecret");

    /// <summary>The events that were answered with 204, in order.</summary>
    public IReadOnlyCollection<JsonElement> Taken => _taken;

    public IReadOnlyCollection<string> Violations => _violations;

    public int Tries => Volatile.Read(ref _tries);

    /// <param name="failures">Deliveries that are answered with 500 first.</param>
    public static async Task<WebhookReceiver> StartAsync(int failures = 0)
    {
        var receiver = new WebhookReceiver(failures);
        receiver._server = await LoopbackServer.StartAsync(receiver.TakeAsync);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Interlocked.Increment(ref _tries);
        Check(http.Request, body.ToArray());
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            http.Response.StatusCode = 500;
            return;
        }
        using var json = JsonDocument.Parse(body.ToArray());
        _taken.Enqueue(json.RootElement.Clone());
        http.Response.StatusCode = 204;
    }

    private void Check(HttpRequest request, byte[] body)
    {
        string Header(string name) => request.Headers[name].ToString();
        var signed = Encoding.UTF8.GetBytes($"{Header("webhook-id")}.{Header("webhook-timestamp")}.").Concat(body).ToArray();
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), signed));
        if (Header("webhook-signature") != expected || request.Method != "POST" || request.QueryString.Value != "?token=t0psecret" || request.ContentType != "application/json")
        {
            _violations.Enqueue($"{request.Method} {request.Path}{request.QueryString} {Header("webhook-signature")}");
        }
    }
}
