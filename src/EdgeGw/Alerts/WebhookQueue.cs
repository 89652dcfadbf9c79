using System.Threading.Channels;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;

namespace EdgeGw.Alerts;

/// <summary>What waits for one webhook, delivered one at a time, each when it is due: a failing event does not hold up the others.</summary>
internal sealed class WebhookQueue
{
    /// <summary>Beyond this the oldest are dropped.</summary>
    public const int MostWaiting = 1000;

    private readonly Lock _gate = new();
    private readonly List<WebhookDelivery> _waiting = [];
    private readonly WebhookSender _sender;
    private readonly GatewayLog _log;
    private readonly AlertMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _abort = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _alarm;
    private readonly Task _loop;
    private volatile WebhookConfig _webhook;
    private bool _stopping;
    private bool _ended;

    public WebhookQueue(WebhookConfig webhook, WebhookSender sender, GatewayLog log, AlertMetrics metrics, TimeProvider time)
    {
        _webhook = webhook;
        _sender = sender;
        _log = log;
        _metrics = metrics;
        _time = time;
        _alarm = time.CreateTimer(static queue => ((WebhookQueue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Its address never changes; the rest is as configured now.</summary>
    public WebhookConfig Webhook
    {
        get => _webhook;
        set => _webhook = value;
    }

    public void Add(WebhookDelivery delivery)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                if (_waiting.Count >= MostWaiting)
                {
                    _waiting.Remove(_waiting.MinBy(static waiting => waiting.Raised)!);
                    Count("dropped");
                }
                _waiting.Add(delivery);
                Wake();
                return;
            }
        }
        GiveUp(delivery, "undelivered", "the gateway stops");
    }

    /// <summary>Tries all that waits once more, and ends.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        lock (_gate)
        {
            _stopping = true;
        }
        await using var end = patience.Register(Close);
        Wake();
        await _loop;
    }

    /// <summary>Ends at once; what waits is logged as undelivered.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _stopping = true;
        }
        _abort.Cancel();
        Wake();
    }

    private async Task RunAsync()
    {
        while (await NextAsync() is { } delivery)
        {
            delivery.Tries++;
            Conclude(delivery, await TryAsync(delivery));
        }
        await _alarm.DisposeAsync();
        WebhookDelivery[] left;
        lock (_gate)
        {
            _ended = true;
            left = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var delivery in left)
        {
            GiveUp(delivery, "undelivered", "the gateway stops or the webhook is gone");
        }
    }

    private async Task<WebhookAnswer> TryAsync(WebhookDelivery delivery)
    {
        try
        {
            return await _sender.SendAsync(_webhook, delivery, _abort.Token);
        }
        catch (Exception fault)
        {
            // A fault of ours must not end this loop, which nobody watches. Its message may quote the address, so the log gets its kind only.
            return new WebhookAnswer($"failed inside the gateway ({fault.GetType().Name})", IsTransient: true);
        }
    }

    /// <summary>Takes out what is to be tried now, waiting until there is something; null: nothing will be tried any more.</summary>
    private async ValueTask<WebhookDelivery?> NextAsync()
    {
        while (!_abort.IsCancellationRequested)
        {
            lock (_gate)
            {
                var next = _waiting.MinBy(static waiting => waiting.Due);
                var wait = next?.Due - _time.GetUtcNow();
                if (next is not null && (_stopping || wait <= TimeSpan.Zero))
                {
                    next.IsLast = _stopping;
                    _waiting.Remove(next);
                    return next;
                }
                if (_stopping)
                {
                    return null;
                }
                _alarm.Change(wait ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            await _wake.Reader.ReadAsync();
        }
        return null;
    }

    private void Conclude(WebhookDelivery delivery, in WebhookAnswer answer)
    {
        if (answer.Fault is not { } fault)
        {
            Count("delivered");
            return;
        }
        if (!answer.IsTransient || delivery.IsLast)
        {
            GiveUp(delivery, delivery.IsLast ? "undelivered" : "given_up", fault);
            return;
        }
        if (WebhookRetry.Next(delivery, answer.RetryAfter, _time.GetUtcNow(), Random.Shared.NextDouble()) is not { } due)
        {
            GiveUp(delivery, "given_up", fault);
            return;
        }
        Count("failed");
        delivery.Due = due;
        lock (_gate)
        {
            _waiting.Add(delivery);
        }
    }

    private void GiveUp(WebhookDelivery delivery, string result, string reason)
    {
        Count(result);
        _log.AlertUndelivered(delivery.Id, delivery.Type, _webhook.Name, delivery.Tries, reason);
    }

    private void Count(string result) => _metrics.Webhooks.With(_webhook.Name, result).Increment();

    private void Wake() => _wake.Writer.TryWrite(true);
}
