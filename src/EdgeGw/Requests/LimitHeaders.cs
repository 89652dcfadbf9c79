using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Limits;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>The headers by which SDKs and people see how much is left, named and written as OpenAI does.</summary>
internal static class LimitHeaders
{
    private static readonly (LimitKind Kind, string Limit, string Remaining, string Reset)[] Names =
    [
        (LimitKind.Requests, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        (LimitKind.Tokens, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        (LimitKind.Concurrent, "x-ratelimit-limit-concurrent", "x-ratelimit-remaining-concurrent", "x-ratelimit-reset-concurrent"),
    ];

    /// <summary>Sets those of every kind that a limit of ours applies to, over the provider's own; where none applies the provider's stay.</summary>
    public static void Write(IHeaderDictionary headers, LimitLease lease)
    {
        foreach (var (kind, limit, remaining, reset) in Names)
        {
            if (lease.Tightest(kind) is { Applies: true } status)
            {
                headers[limit] = status.LimitText;
                headers[remaining] = status.Remaining.ToString(CultureInfo.InvariantCulture);
                headers[reset] = kind == LimitKind.Concurrent ? default : Duration(status.Reset);
            }
        }
    }

    /// <summary>As Go prints durations, and OpenAI with it: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>. Rounded up to a millisecond.</summary>
    internal static string Duration(TimeSpan value)
    {
        var milliseconds = (value.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds is > 0 and < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }
        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{rest / 1000m:0.###}s");
        return minutes switch
        {
            0 => seconds,
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{minutes % 60}m{seconds}"),
        };
    }
}
