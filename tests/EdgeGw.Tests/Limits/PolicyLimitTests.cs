using System.Collections.Frozen;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;
using EdgeGw.Tests.Policy;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Limits;

/// <summary>Limits that policies set: for the calls that the policy is for, whatever it asks for.</summary>
public sealed class PolicyLimitTests
{
    private static readonly Principal Junior = Caller("ann", "1");
    private static readonly Principal Senior = Caller("sue", "2");

    [Fact]
    public void Call_that_the_policy_is_for_is_limited_and_others_are_not()
    {
        var table = new LimitTable([OfPolicy(Juniors, 2)], new ManualTime());

        Assert.True(table.AsksPolicies);
        Assert.Null(Take(table, Junior));
        Assert.Null(Take(table, Junior));
        Assert.Equal("juniors", Take(table, Junior)!.Limit.Name);
        Assert.Null(Take(table, Senior));
    }

    [Fact]
    public void Exception_and_time_of_the_policy_take_calls_out()
    {
        var match = new PolicyMatch
        {
            Time = new TimeMatch { Zone = TimeZoneInfo.Utc, From = TimeSpan.FromHours(11), To = TimeSpan.FromHours(13) },
            Except = [Juniors],
        };
        var table = new LimitTable([OfPolicy(match, 1)], new ManualTime());

        Assert.Null(Take(table, Junior));
        Assert.Null(Take(table, Junior));
        Assert.Null(Take(table, Senior));
        Assert.NotNull(Take(table, Senior));
        Assert.Null(Take(table, Senior, PolicyTesting.Noon.AddHours(2)));
    }

    [Fact]
    public void Changed_match_keeps_what_was_counted()
    {
        var table = new LimitTable([OfPolicy(Juniors, 2)], new ManualTime());
        Take(table, Junior);
        table.UseRules([OfPolicy(new PolicyMatch(), 2)]);

        Assert.Null(Take(table, Senior));
        Assert.NotNull(Take(table, Junior));
    }

    [Fact]
    public void Known_callers_call_is_taken_without_allocation()
    {
        var table = new LimitTable([OfPolicy(new PolicyMatch { Claims = Juniors.Claims, Except = [new PolicyMatch { Claims = Level("3") }] }, 1_000_000)], TimeProvider.System);
        var (lease, subject, call) = (new LimitLease(), SubjectOf(Junior), PolicyTesting.Call(Junior, "openai/gpt-4o"));
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                table.TryTake(subject, 100, lease, call);
                table.End(lease, 1, 40);
            }
        }));
    }

    private static PolicyMatch Juniors => new() { Claims = Level("1") };

    private static FrozenDictionary<string, IReadOnlyList<string>> Level(string level) =>
        new Dictionary<string, IReadOnlyList<string>> { ["level"] = [level] }.ToFrozenDictionary();

    private static Principal Caller(string user, string level) => new() { User = user, Claims = Level(level) };

    private static LimitConfig OfPolicy(PolicyMatch match, long requests) => LimitTesting.Limit(LimitKind.Requests, requests, name: "juniors") with
    {
        Policy = new PolicyConfig { Name = "juniors", Match = match, Effect = PolicyEffect.Limits },
    };

    private static LimitRefusal? Take(LimitTable table, Principal caller, DateTimeOffset? time = null)
    {
        var call = PolicyTesting.Call(caller, "openai/gpt-4o");
        return table.TryTake(SubjectOf(caller), 1, new LimitLease(), call with { Time = time ?? call.Time });
    }

    private static CallSubject SubjectOf(Principal caller) => new(caller, "openai", "gpt-4o", FrozenDictionary<string, string>.Empty);
}
