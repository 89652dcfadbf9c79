namespace EdgeGw.Alerts;

/// <summary>When a delivery that failed is tried again: after about one second, two, four and so on up to ten minutes, for an hour.</summary>
internal static class WebhookRetry
{
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>When to try again; null: not any more. The last try is when the hour is over.</summary>
    /// <param name="retryAfter">How long the receiver asks to be left alone.</param>
    /// <param name="jitter">From 0 to 1: nodes whose receiver was down must not come back all at once.</param>
    public static DateTimeOffset? Next(WebhookDelivery delivery, TimeSpan? retryAfter, DateTimeOffset now, double jitter)
    {
        var end = delivery.Raised + GiveUpAfter;
        if (now >= end)
        {
            return null;
        }
        var pause = First * Math.Pow(2, Math.Min(delivery.Tries - 1, 20));
        pause = (pause < Longest ? pause : Longest) * (0.75 + (jitter / 2));
        var due = now + (retryAfter > pause ? retryAfter.Value : pause);
        return due < end ? due : end;
    }
}
