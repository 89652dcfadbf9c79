using EdgeGw.Identity;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Telemetry;

public sealed class RecentRequestsTests
{
    [Fact]
    public void Query_gives_the_newest_first_and_forgets_the_oldest()
    {
        var recent = new RecentRequests(3);
        for (var i = 1; i <= 5; i++)
        {
            recent.Add(Record(i));
        }

        Assert.Equal([5, 4, 3], recent.Query(10).Select(static record => record.Status));
        Assert.Equal([5, 4], recent.Query(2).Select(static record => record.Status));
        Assert.Empty(recent.Query(0));
    }

    [Fact]
    public void Query_filters_by_outcome_and_key()
    {
        var recent = new RecentRequests();
        recent.Add(Record(1) with { Outcome = Outcome.Refused });
        recent.Add(Record(2) with { Principal = new Principal { KeyName = "ci", KeyId = "k1" } });
        recent.Add(Record(3));

        Assert.Equal([1], recent.Query(10, Outcome.Refused).Select(static record => record.Status));
        Assert.Equal([2], recent.Query(10, key: "ci").Select(static record => record.Status));
        Assert.Equal([2], recent.Query(10, key: "k1").Select(static record => record.Status));
        Assert.Empty(recent.Query(10, Outcome.Refused, "ci"));
    }

    private static UsageRecord Record(int status) =>
        new() { Id = Guid.NewGuid(), Time = DateTimeOffset.UnixEpoch, Principal = Principal.Anonymous, Status = status };
}
