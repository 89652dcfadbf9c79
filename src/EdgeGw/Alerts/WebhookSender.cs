using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Upstream;

namespace EdgeGw.Alerts;

/// <summary>One signed POST over the connections that providers are called with: certificates and proxies as for them, and no redirect is followed.</summary>
internal sealed class WebhookSender(UpstreamTransport transport, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>An answer says nothing to us; a short one is read so that its connection can be used again.</summary>
    private const int LongestAnswer = 16 * 1024;

    public async Task<WebhookAnswer> SendAsync(WebhookConfig webhook, WebhookDelivery delivery, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        var result = await transport.SendAsync(Request(webhook, delivery), linked.Token);
        if (result.Response is not { } response)
        {
            var timedOut = result.Error == UpstreamError.Cancelled && timer.IsCancellationRequested;
            return new(timedOut ? "no answer in time" : FaultOf(result.Error), IsTransient: true);
        }
        await using (response)
        {
            await DrainAsync(response, linked.Token);
            return Judge(response);
        }
    }

    private UpstreamRequest Request(WebhookConfig webhook, WebhookDelivery delivery)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new UpstreamRequest
        {
            Origin = new Uri(webhook.Name),
            Method = "POST",
            Target = webhook.Url.PathAndQuery,
            Headers =
            {
                new("Content-Type", "application/json"),
                new("User-Agent", "edgegw"),
                new("webhook-id", delivery.Id),
                new("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture)),
                new("webhook-signature", WebhookSignature.Of(webhook.Secret, delivery.Id, now, delivery.Body)),
            },
        };
        request.Body.Add(delivery.Body);
        return request;
    }

    private WebhookAnswer Judge(UpstreamResponse response) => response.Status switch
    {
        >= 200 and < 300 => default,
        429 or >= 500 => new($"answered {response.Status}", IsTransient: true, RetryAfter(response)),
        _ => new($"answered {response.Status}"),
    };

    /// <summary>Seconds or a date (RFC 9110, 10.2.3).</summary>
    private TimeSpan? RetryAfter(UpstreamResponse response)
    {
        foreach (var (name, value) in response.Headers)
        {
            if (!name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            if (uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(seconds);
            }
            if (DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            {
                return date - time.GetUtcNow();
            }
        }
        return null;
    }

    private static async ValueTask DrainAsync(UpstreamResponse response, CancellationToken cancellation)
    {
        for (var left = LongestAnswer; left > 0;)
        {
            var read = await response.ReadAsync(cancellation);
            if (read.IsEnd || read.Error != UpstreamError.None)
            {
                return;
            }
            left -= read.Data.Length;
        }
    }

    private static string FaultOf(UpstreamError error) => error switch
    {
        UpstreamError.Resolve => "its name does not resolve",
        UpstreamError.Connect or UpstreamError.ConnectTimeout => "no connection could be made",
        UpstreamError.Cancelled => "the gateway stops",
        _ => "it gave no whole answer",
    };
}
