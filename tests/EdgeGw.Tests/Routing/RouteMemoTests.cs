using EdgeGw.Configuration;
using EdgeGw.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Routing;

public sealed class RouteMemoTests
{
    private static readonly string[] Targets =
    [
        "/v1/chat/completions", "/v1/chat/completions/", "/v1/messages", "/openai/v1/chat/completions", "/openai/v1/responses/resp_1", "/v1/models",
        "/v1/chat/completions?key=secret", "/v1beta/models/gemini-pro:generateContent", "/v1beta/models/gemini-pro:streamGenerateContent?alt=sse", "/v1/../x", "/nobody/v1/x", "", "x",
        "http://user:secret@host/v1/chat/completions", "/v1beta/models/a%0Ab:generateContent",
    ];

    private static Router NewRouter() => new(new GatewayConfig
    {
        DataDirectory = "unused",
        Providers = new Dictionary<string, ProviderConfig> { ["openai"] = new() { Kind = "openai", ApiKey = "sk" } },
    });

    [Fact]
    public void Route_is_the_same_whichever_targets_came_before()
    {
        var router = NewRouter();
        var requests = Gen.Elements("GET", "POST", "HEAD").SelectMany(static method => Gen.Elements(Targets).Select(target => (method, target)));
        Prop.ForAll(requests.ListOf().ToArbitrary(), asked =>
        {
            foreach (var (method, target) in asked)
            {
                var (before, fresh) = (router.Resolve(method, target), NewRouter().Resolve(method, target));
                // Each router has providers of its own.
                Assert.Equal(fresh with { Provider = null }, before with { Provider = null });
                Assert.Equal(fresh.Provider?.Name, before.Provider?.Name);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions?key=secret", false)]
    [InlineData("/v1/chat/completions?a=b", false)]
    [InlineData("http://user:secret@host/v1/chat/completions", false)]
    public void Target_with_a_place_for_a_credential_is_not_kept(string target, bool kept) => Assert.Equal(kept, IsKept(target));

    [Fact]
    public void Long_target_is_not_kept() => Assert.False(IsKept("/v1/" + new string('x', 300)));

    private static bool IsKept(string target)
    {
        var memo = new RouteMemo();
        memo.Keep("POST", target, new RouteResult { Query = "" });
        return memo.TryFind("POST", target, out _);
    }
}
