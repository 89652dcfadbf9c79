using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeGw.Alerts;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;
using EdgeGw.Tests.Hosting;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Alerts;

public sealed class AlertSinkTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly WebhookConfig Webhook = new() { Url = new Uri("https://hooks.example.com/path-t0ken?query-t0ken=1"), Secret = Secret };

    private readonly ManualTime _time = new();
    private readonly ListLogger _logger = new();
    private readonly GatewayMetrics _metrics = new("test");
    private readonly ReceiverTransport _receiver;
    private readonly AlertSink _sink;

    public AlertSinkTests()
    {
        _receiver = new ReceiverTransport(_time);
        _sink = new AlertSink(new GatewayLog(_logger), _metrics.Alerts, _receiver, _time, "node-1");
        _sink.UseWebhooks([Webhook]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        var shown = string.Join('\n', _logger.Lines) + Metrics;
        Assert.DoesNotContain("t0ken", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9r8", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alert_is_logged_counted_and_posted_with_a_signature_over_what_was_sent()
    {
        _sink.Raise(Alert(80));
        await Eventually(() => Count("delivered") == 1);

        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(("https://hooks.example.com/", "/path-t0ken?query-t0ken=1"), (request.Origin.ToString(), request.Target));
        Assert.Equal(
            WebhookSignature.Of(Secret, request.Headers["webhook-id"], long.Parse(request.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(request.Body)),
            request.Headers["webhook-signature"]);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), request.Headers["webhook-timestamp"]);
        var id = request.Headers["webhook-id"];
        Assert.Equal(
            $$"""{"id":"{{id}}","type":"budget.threshold","time":"2026-11-02T03:04:05.0000000Z","node":"node-1","budget":"person","scope":"ann","percent":80"""
            + ""","spent_usd":"8.5","limit_usd":"10","window_start":"2026-11-01T00:00:00.0000000Z","window_end":"2026-12-01T00:00:00.0000000Z"}""",
            request.Body);
        Assert.Equal(["Warning: Budget person of \"ann\" has reached 80 % of 10 USD: 8.5 USD are spent"], _logger.Lines);
        Assert.Contains("edgegw_budget_alerts_total{budget=\"person\",threshold=\"80\"} 1\n", Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Id_is_the_same_for_the_same_threshold_of_the_same_window_and_another_for_any_other()
    {
        var alert = Data(80);
        string[] ids =
        [
            Id(alert), Id(alert with { Percent = 50 }), Id(alert with { Scope = "bob" }), Id(alert with { Budget = "company" }), Id(alert with { Budget = "persona", Scope = "nn" }),
            Id(alert with { Window = new WindowSpan(alert.Window.End, alert.Window.End.AddMonths(1)) }),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], Id(alert with { Spent = NanoUsd.FromDollars(9), Time = alert.Time.AddHours(1) }));

        static string Id(BudgetAlert alert) => new BudgetThreshold(alert).Id;
    }

    [Fact]
    public async Task Failing_receiver_is_tried_again_until_it_takes_the_same_body_under_the_same_id()
    {
        _receiver.Then(500).Then(0).Then(503).Then(429);
        _sink.Raise(Alert(50));
        await Until("delivered", 1);

        Assert.Equal(5, _receiver.Requests.Count);
        Assert.Single(_receiver.Requests.Select(request => request.Body).Distinct());
        Assert.Single(_receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal(4, Count("failed"));
        Assert.Equal(5, _receiver.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct().Count());
    }

    [Theory]
    [InlineData("90")]
    [InlineData("Tue, 02 Jan 0001 00:01:30 GMT")]
    public async Task Receiver_that_asks_for_patience_gets_it(string retryAfter)
    {
        _receiver.Then(429, retryAfter);
        _sink.Raise(Alert(50));
        await Eventually(() => Count("failed") == 1);
        await Until("delivered", 1);
        var times = _receiver.Requests.Select(request => request.Time).ToArray();
        Assert.True(times[1] - times[0] >= TimeSpan.FromSeconds(90), $"{times[1] - times[0]}");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Answer_that_another_try_cannot_change_gives_up_at_once(int status)
    {
        _receiver.Then(status);
        var alert = Alert(50);
        _sink.Raise(alert);
        await Until("given_up", 1);
        Assert.Single(_receiver.Requests);
        Assert.Contains($"Error: Alert {alert.Id} (budget.threshold) was not delivered to https://hooks.example.com, tries: 1: answered {status}", _logger.Lines);
    }

    [Fact]
    public async Task Receiver_that_stays_down_is_given_up_after_an_hour()
    {
        for (var i = 0; i < 100; i++)
        {
            _receiver.Then(500);
        }
        _sink.Raise(Alert(50));
        await Eventually(() => Count("failed") == 1);
        await Until("given_up", 1, TimeSpan.FromMinutes(5));
        var times = _receiver.Requests.Select(request => request.Time).ToArray();
        Assert.True(times.Length > 2 && times[^1] - times[0] >= TimeSpan.FromHours(1), $"{times.Length} tries, {times[^1] - times[0]}");
    }

    [Fact]
    public async Task Beyond_a_thousand_the_oldest_are_dropped_and_those_that_wait_at_the_end_are_logged()
    {
        _receiver.Hangs = true;
        _sink.Raise(Alert(1));
        await Eventually(() => _receiver.Requests.Count == 1);
        for (var percent = 2; percent <= WebhookQueue.MostWaiting + 4; percent++)
        {
            _time.Advance(TimeSpan.FromTicks(1));
            _sink.Raise(Alert(percent));
        }
        Assert.Equal(3, Count("dropped"));

        await _sink.DisposeAsync();
        var undelivered = _logger.Lines.Where(line => line.StartsWith("Error: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(WebhookQueue.MostWaiting + 1, undelivered.Length);
        Assert.DoesNotContain(undelivered, line => line.Contains(Alert(3).Id, StringComparison.Ordinal));
        Assert.Contains(undelivered, line => line.Contains(Alert(5).Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_tries_once_more_what_waits_for_a_later_try()
    {
        _receiver.Then(500).Then(500);
        var first = Alert(50);
        _sink.Raise(first);
        await Eventually(() => Count("failed") == 1);
        _sink.Raise(Alert(80));
        await Eventually(() => Count("failed") == 2);

        await _sink.StopAsync(CancellationToken.None);
        Assert.Equal(2, Count("delivered"));
        _sink.Raise(first);
        Assert.Equal(1, Count("undelivered"));
    }

    [Fact]
    public async Task Only_the_kinds_that_a_webhook_asks_for_are_sent_and_other_webhooks_take_effect_at_once()
    {
        _sink.UseWebhooks([Webhook with { Events = [AlertKind.Velocity] }]);
        _sink.Raise(Alert(50));
        _sink.UseWebhooks([Webhook with { Url = new Uri("https://other.example.com/") }]);
        _sink.Raise(Alert(80));
        await Eventually(() => _receiver.Requests.Count == 1);
        Assert.Equal("other.example.com", _receiver.Requests.Single().Origin.Host);
    }

    [Fact]
    public async Task Webhook_with_a_new_secret_keeps_what_waits_and_signs_with_the_new_one()
    {
        _receiver.Then(500);
        _sink.Raise(Alert(50));
        await Eventually(() => Count("failed") == 1);
        _sink.UseWebhooks([Webhook with { Secret = "another secret, long enough" }]);
        await Until("delivered", 1);
        var request = _receiver.Requests.Last();
        Assert.Equal(
            WebhookSignature.Of(
                "another secret, long enough", request.Headers["webhook-id"], long.Parse(request.Headers["webhook-timestamp"], CultureInfo.InvariantCulture),
                Encoding.UTF8.GetBytes(request.Body)),
            request.Headers["webhook-signature"]);
    }

    private string Metrics
    {
        get
        {
            var text = new ArrayBufferWriter<byte>();
            _metrics.Write(text, ExpositionFormat.Text);
            return Encoding.UTF8.GetString(text.WrittenSpan);
        }
    }

    private static BudgetThreshold Alert(int percent) => new(Data(percent));

    private static BudgetAlert Data(int percent) => new(
        "person", "ann", percent, NanoUsd.FromDollars(8.5m), NanoUsd.FromDollars(10),
        new WindowSpan(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)), new(2026, 11, 2, 3, 4, 5, TimeSpan.Zero));

    private int Count(string result)
    {
        var line = Metrics.Split('\n').FirstOrDefault(
            line => line.StartsWith("edgegw_webhook_deliveries_total", StringComparison.Ordinal) && line.Contains($"result=\"{result}\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Lets time pass until it has happened so often.</summary>
    private Task Until(string result, int count, TimeSpan? step = null) => Eventually(() =>
    {
        if (Count(result) == count)
        {
            return true;
        }
        _time.Advance(step ?? TimeSpan.FromSeconds(1));
        return false;
    });

    private static async Task Eventually(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "waited in vain");
            await Task.Delay(1);
        }
    }
}
