using EdgeGw.Identity;
using EdgeGw.Tests.Configuration;

namespace EdgeGw.Tests.Identity;

/// <summary>A place forgotten here would let a caller whose groups are not known past rules on groups.</summary>
public sealed class GroupRulesTests
{
    [Theory]
    [InlineData("""{"budgets": [{"name": "b", "match": {"groups": ["g"]}, "amount_usd": 1, "window": "day"}]}""")]
    [InlineData("""{"budgets": [{"name": "b", "per": ["group"], "amount_usd": 1, "window": "day"}]}""")]
    [InlineData("""{"budgets": [{"name": "b", "amount_usd": {"default": 1, "groups": {"g": 2}}, "window": "day"}]}""")]
    [InlineData("""{"limits": [{"name": "l", "match": {"groups": ["g"]}, "concurrent": 1}]}""")]
    [InlineData("""{"limits": [{"name": "l", "per": ["group"], "concurrent": 1}]}""")]
    [InlineData("""{"policies": [{"name": "p", "match": {"groups": ["g"]}, "deny": true}]}""")]
    [InlineData("""{"policies": [{"name": "p", "match": {"except": [{"groups": ["g"]}]}, "deny": true}]}""")]
    [InlineData("""{"policies": [{"name": "p", "limits": [{"per": ["group"], "concurrent": 1}]}]}""")]
    [InlineData("""{"velocity": {"per": ["group"], "minimum_usd_per_hour": 5}}""")]
    public void Rule_on_groups_is_seen_wherever_it_stands(string config) => Assert.True(GroupRules.AreIn(ConfigFixture.LoadGood(config)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"policies": [{"name": "p", "match": {"user": ["ann"], "except": [{"model": ["m"]}]}, "limits": [{"per": ["user"], "concurrent": 1}]}], "budgets": [{"name": "b", "per": ["user"], "amount_usd": 1, "window": "day"}]}""")]
    public void Rules_on_anything_else_are_none(string config) => Assert.False(GroupRules.AreIn(ConfigFixture.LoadGood(config)));
}
