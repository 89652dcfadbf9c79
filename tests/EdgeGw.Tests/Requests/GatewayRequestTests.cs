using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

/// <summary>What one request of a connection leaves to the next, and what not.</summary>
public sealed class GatewayRequestTests
{
    private static readonly Provider Somewhere = new("p", new ProviderConfig { Kind = "openai", BaseUrl = new Uri("http://127.0.0.1:9/v1") });

    [Fact]
    public void Request_after_an_answer_takes_the_lists_over_and_finds_them_empty()
    {
        var request = New();
        var first = request.NewUpstream();
        first.Headers.Add(new("Authorization", "Bearer secret"));
        first.Body.Add(new byte[1]);
        request.Release(first);
        Assert.Empty(first.Headers);
        Assert.Empty(first.Body);

        var second = Next(request).NewUpstream();
        Assert.Same(first.Headers, second.Headers);
        Assert.Same(first.Body, second.Body);
    }

    [Fact]
    public void Request_after_one_without_an_answer_has_lists_of_its_own()
    {
        var request = New();
        request.Release(request.NewUpstream());
        // Its upload may still be read from when the next request of the connection begins.
        var cut = Next(request).NewUpstream();
        cut.Body.Add(new byte[1]);

        var next = Next(request).NewUpstream();
        Assert.NotSame(cut.Body, next.Body);
        Assert.NotSame(cut.Headers, next.Headers);
        Assert.Single(cut.Body);
    }

    [Fact]
    public void Settlement_fills_in_the_draft_once_and_every_further_record_is_a_new_one()
    {
        var request = New();
        var draft = request.Draft = RecordFactory.Draft(request, new NanoUsd(7));
        Assert.Equal((new NanoUsd(7), "m", 0), (draft.Hold, draft.Model, draft.Status));
        request.Attempt = new Attempt { Status = 200, Reading = new MeterReading { Model = "m-2026", Usage = new Usage { Input = 3 }, Source = UsageSource.Provider } };

        var settled = RecordFactory.Settled(request, new NanoUsd(5), CostSource.Override);
        Assert.Same(draft, settled);
        Assert.Equal((200, "m-2026", 3L, new NanoUsd(5), CostSource.Override), (settled.Status, settled.Model, settled.Usage.Input, settled.Cost, settled.CostSource));

        var another = RecordFactory.Settled(request, NanoUsd.Zero, CostSource.None);
        Assert.NotSame(settled, another);
        Assert.Equal(new NanoUsd(5), settled.Cost);
        Assert.Equal((settled.Id, "p", "m"), (another.Id, another.Provider, another.ModelRequested));
    }

    [Fact]
    public void Draft_of_a_request_is_not_the_next_ones()
    {
        var request = New();
        var draft = request.Draft = RecordFactory.Draft(request, NanoUsd.Zero);
        Assert.NotSame(draft, RecordFactory.Settled(Next(request), NanoUsd.Zero, CostSource.None));
    }

    [Fact]
    public void Nothing_that_a_step_has_set_is_left_for_the_next_request()
    {
        // A watch may serve the next request, once it has been reset; where a token begins says nothing without the token.
        string[] kept = [nameof(GatewayRequest.Watch), nameof(GatewayRequest.TokenStart)];
        var request = New();
        PropertyInfo[] set = [.. typeof(GatewayRequest).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(property => property.SetMethod is { IsPrivate: false } && !kept.Contains(property.Name))];
        Assert.True(set.Length > 15, $"{set.Length} properties");
        foreach (var property in set)
        {
            property.SetValue(request, Something(property.PropertyType));
        }
        request.Facts = new RequestFacts { Choices = 7 };
        request.Price = new PricedModel { Source = CostSource.Override };
        request.Attempt.Status = 200;

        request.End();

        var fresh = new GatewayRequest(new UsageEstimator(), TimeProvider.System);
        Assert.All(set, property => Assert.Equal(property.GetValue(fresh), property.GetValue(request)));
        Assert.Equal((fresh.Facts, fresh.Price, fresh.Target, fresh.Attempt.Status), (request.Facts, request.Price, request.Target, request.Attempt.Status));
    }

    private static object Something(Type type) =>
        type == typeof(bool) ? true
        : type == typeof(string) ? "left"
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 1)
        : type == typeof(IReadOnlyList<string>) ? new[] { "left" }
        : type == typeof(IReadOnlyDictionary<string, string>) ? new Dictionary<string, string> { ["left"] = "left" }
        : RuntimeHelpers.GetUninitializedObject(Nullable.GetUnderlyingType(type) ?? type);

    private static GatewayRequest New() => Start(new GatewayRequest(new UsageEstimator(), TimeProvider.System));

    private static GatewayRequest Next(GatewayRequest request)
    {
        request.End();
        return Start(request);
    }

    private static GatewayRequest Start(GatewayRequest request)
    {
        request.Begin(new DefaultHttpContext().Features);
        request.Http.Request.Method = "POST";
        request.Target = new Target(Somewhere, "m", "/v1/chat/completions", Dialect.ChatCompletions, ModelRewritten: false);
        return request;
    }
}
