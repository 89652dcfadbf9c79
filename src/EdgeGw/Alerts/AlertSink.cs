using EdgeGw.Configuration;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;

namespace EdgeGw.Alerts;

/// <summary>Where everything goes that an operator should know: the log, the metrics, and the configured webhooks.</summary>
/// <remarks>In memory: a crash loses what waits for its delivery, the log has it all the same.</remarks>
public sealed class AlertSink : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly GatewayLog _log;
    private readonly AlertMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly WebhookSender _sender;
    private readonly string _node;
    private volatile WebhookQueue[] _queues = [];

    /// <param name="node">The name of this node, told to receivers.</param>
    public AlertSink(GatewayLog log, AlertMetrics metrics, UpstreamTransport transport, TimeProvider time, string node)
    {
        _log = log;
        _metrics = metrics;
        _time = time;
        _node = node;
        _sender = new WebhookSender(transport, time);
    }

    /// <summary>Tells the event. Never waits: deliveries happen in the background.</summary>
    public void Raise(AlertEvent happened)
    {
        happened.Report(_log, _metrics);
        byte[]? body = null;
        foreach (var queue in _queues)
        {
            if (queue.Webhook.Wants(happened.Kind))
            {
                queue.Add(new WebhookDelivery(happened.Id, happened.Type, body ??= happened.ToJson(_node), _time.GetUtcNow()));
            }
        }
    }

    /// <summary>Other webhooks from now on. One with the same address keeps what waits for it; what waits for one that is gone is given up.</summary>
    public void UseWebhooks(IReadOnlyList<WebhookConfig> webhooks)
    {
        lock (_gate)
        {
            var before = _queues;
            _queues = [.. webhooks.Select(webhook => Take(Array.Find(before, queue => queue.Webhook.Url.AbsoluteUri == webhook.Url.AbsoluteUri), webhook))];
            foreach (var gone in before.Except(_queues))
            {
                gone.Close();
            }
        }
    }

    /// <summary>Tries once more, now, all that waits; what is not delivered is logged.</summary>
    /// <param name="patience">Ends the tries.</param>
    public Task StopAsync(CancellationToken patience) => Task.WhenAll(_queues.Select(queue => queue.StopAsync(patience)));

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private WebhookQueue Take(WebhookQueue? known, WebhookConfig webhook)
    {
        if (known is null)
        {
            return new WebhookQueue(webhook, _sender, _log, _metrics, _time);
        }
        known.Webhook = webhook;
        return known;
    }
}
