using EdgeGw.Alerts;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Alerts;

public sealed class WebhookRetryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pauses_double_up_to_ten_minutes_and_the_last_try_is_after_an_hour()
    {
        var delivery = New();
        var now = Start;
        var pauses = new List<double>();
        for (delivery.Tries = 1; WebhookRetry.Next(delivery, null, now, 0.5) is { } due; delivery.Tries++)
        {
            pauses.Add((due - now).TotalSeconds);
            now = due;
        }
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600, 177], pauses);
        Assert.Equal(Start + WebhookRetry.GiveUpAfter, now);
    }

    [Fact]
    public void Next_try_is_within_a_quarter_of_its_pause_never_before_what_the_receiver_asks_and_never_after_the_hour() => Prop.ForAll(
        (from tries in Gen.Choose(1, 40)
         from elapsed in Gen.Choose(0, 4000)
         from jitter in Gen.Choose(0, 1000)
         from asked in Gen.Choose(-10, 5000)
         select (tries, elapsed, jitter, asked)).ToArbitrary(),
        each =>
        {
            var delivery = New();
            delivery.Tries = each.tries;
            var now = Start.AddSeconds(each.elapsed);
            var due = WebhookRetry.Next(delivery, TimeSpan.FromSeconds(each.asked), now, each.jitter / 1000.0);
            if (each.elapsed >= 3600)
            {
                Assert.Null(due);
                return;
            }
            var pause = Math.Min(600, Math.Pow(2, each.tries - 1));
            var left = 3600 - each.elapsed;
            Assert.InRange((due!.Value - now).TotalSeconds, Math.Min(left, Math.Max(each.asked, pause * 0.75)), Math.Min(left, Math.Max(each.asked, pause * 1.25)));
        }).QuickCheckThrowOnFailure();

    private static WebhookDelivery New() => new("id", "type", [], Start);
}
