using EdgeGw.Configuration;
using EdgeGw.Heads;
using EdgeGw.Limits;
using EdgeGw.Requests;
using EdgeGw.Tests.Limits;
using EdgeGw.Tests.Upstream;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

public sealed class LimitHeadersTests
{
    [Fact]
    public void Headers_of_our_limits_replace_the_providers_and_those_of_other_kinds_stay()
    {
        var table = new LimitTable([LimitTesting.Limit(LimitKind.Requests, 5), LimitTesting.Limit(LimitKind.Concurrent, 2, name: "streams")], new ManualTime());
        var headers = new HeaderDictionary();
        var head = new AnswerHead();
        head.Begin(headers, lines: null);

        LimitHeaders.Write(head, table.Take()!);
        foreach (var (name, value) in new[]
        {
            ("x-ratelimit-limit-requests", "10000"), ("X-RateLimit-Remaining-Requests", "9999"), ("x-ratelimit-reset-requests", "6ms"),
            ("x-ratelimit-limit-tokens", "200000"), ("x-ratelimit-reset-concurrent", "1s"),
        })
        {
            head.PassOn(name, value);
        }

        Assert.Equal(
            [
                "x-ratelimit-limit-concurrent: 2", "x-ratelimit-limit-requests: 5", "x-ratelimit-limit-tokens: 200000",
                "x-ratelimit-remaining-concurrent: 1", "x-ratelimit-remaining-requests: 4", "x-ratelimit-reset-requests: 200ms",
            ],
            headers.Select(header => $"{header.Key}: {header.Value}").Order());
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(TimeSpan.TicksPerMillisecond * 120, "120ms")]
    [InlineData((TimeSpan.TicksPerMillisecond * 999) + 1, "1s")]
    [InlineData(TimeSpan.TicksPerMillisecond * 8640, "8.64s")]
    [InlineData(TimeSpan.TicksPerMinute * 6, "6m0s")]
    [InlineData((TimeSpan.TicksPerMinute * 60) + (TimeSpan.TicksPerMillisecond * 1500), "1h0m1.5s")]
    [InlineData(TimeSpan.TicksPerDay, "24h0m0s")]
    public void Reset_is_written_as_openai_writes_it(long ticks, string expected) => Assert.Equal(expected, new GoDuration(new TimeSpan(ticks)).ToString());
}
