using EdgeGw.Configuration;
using EdgeGw.Heads;
using EdgeGw.Limits;

namespace EdgeGw.Requests;

/// <summary>The headers by which SDKs and people see how much is left, named and written as OpenAI does.</summary>
internal static class LimitHeaders
{
    private static readonly (LimitKind Kind, HeaderName Limit, HeaderName Remaining, HeaderName Reset)[] Names =
    [
        (LimitKind.Requests, new("x-ratelimit-limit-requests"), new("x-ratelimit-remaining-requests"), new("x-ratelimit-reset-requests")),
        (LimitKind.Tokens, new("x-ratelimit-limit-tokens"), new("x-ratelimit-remaining-tokens"), new("x-ratelimit-reset-tokens")),
        (LimitKind.Concurrent, new("x-ratelimit-limit-concurrent"), new("x-ratelimit-remaining-concurrent"), new("x-ratelimit-reset-concurrent")),
    ];

    /// <summary>Sets those of every kind that a limit of ours applies to, in place of the provider's own; where none applies the provider's stay.</summary>
    public static void Write(AnswerHead head, LimitLease lease)
    {
        foreach (var (kind, limit, remaining, reset) in Names)
        {
            if (lease.Tightest(kind) is { Applies: true } status)
            {
                head.Set(limit, status.LimitText!);
                head.Set(remaining, status.Remaining);
                if (kind == LimitKind.Concurrent)
                {
                    head.Withhold(reset);
                }
                else
                {
                    head.Set(reset, new GoDuration(status.Reset));
                }
            }
        }
    }
}
