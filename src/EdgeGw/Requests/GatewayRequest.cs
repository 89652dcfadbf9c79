using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Heads;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Aws;
using EdgeGw.Velocity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Requests;

/// <summary>The state of one request as the spine's steps fill it. Reused by the requests of one connection (HTTP/1.1) or stream slot (HTTP/2).</summary>
public sealed class GatewayRequest
{
    /// <summary>What the connection's last request sent; null: nothing, or somebody may still read it.</summary>
    private UpstreamRequest? _spareUpstream;

    private (string? Name, ReadOnlyMemory<byte> Json) _encodedModel;

    private HeadLines? _lines;
    private bool _knowsLines;

    // Large, and looked at by every step: handed out by reference, not as copies.
    private RouteResult _route;
    private RequestFacts _facts;
    private Target? _target;
    private PricedModel _price;
    private Attempt _attempt;

    internal GatewayRequest(UsageEstimator estimator, TimeProvider time)
    {
        Meter = new AnswerMeter(estimator);
        Clock = new RequestClock(time);
        Exchange = new Exchange(this);
    }

    internal DefaultHttpContext Http { get; } = new();

    internal RequestBody Body { get; } = new();

    internal AnswerMeter Meter { get; }

    internal CallerAnswer Answer { get; } = new();

    /// <summary>What stands in the answer's head beside what the server writes itself.</summary>
    internal AnswerHead Head { get; } = new();

    internal ArrayBufferWriter<byte> Gathered { get; } = new();

    internal RequestClock Clock { get; }

    internal LastSecret LastSecret { get; } = new();

    internal Exchange Exchange { get; }

    /// <summary>Looks after the caller while a provider is called; null: not made yet.</summary>
    internal CallerWatch? Watch { get; set; }

    /// <summary>The record as the hold's journal record has it, for the settlement to fill in the rest. Nobody else has seen it.</summary>
    internal UsageRecord? Draft { get; set; }

    /// <summary>UUIDv7: sorts by time, unique over nodes.</summary>
    internal Guid Id { get; private set; }

    /// <summary>What the configuration in force at the start decides; nothing newer counts for this request.</summary>
    internal GatewaySetup Setup { get; set; } = null!;

    internal Principal? Principal { get; set; }

    /// <summary>The header that held the caller's virtual key.</summary>
    internal string? IdentityHeader { get; set; }

    /// <summary>The header's value that holds the caller's token, and where in it the token begins.</summary>
    internal string? TokenValue { get; set; }
    internal int TokenStart { get; set; }

    internal IReadOnlyDictionary<string, string> Metadata { get; set; } = NoMetadata;

    /// <summary>What the path alone says.</summary>
    internal ref RouteResult Route => ref _route;

    internal ref RequestFacts Facts => ref _facts;

    internal ref Target? Target => ref _target;

    /// <summary>A policy or a used up budget has sent the call to <see cref="Target"/>.</summary>
    internal bool IsMoved { get; set; }

    /// <summary>Other models that the provider may answer with, because the body says so. A call that is moved has none.</summary>
    internal string[] Fallbacks { get; set; } = [];

    /// <summary>The price that the caller stated and may state.</summary>
    internal CallerPrice? CallerPrice { get; set; }

    /// <summary>What the call is signed with; null: the provider takes no signatures.</summary>
    internal AwsCredentials? AwsCredentials { get; set; }

    internal ref PricedModel Price => ref _price;

    /// <summary>One for each of <see cref="Fallbacks"/>.</summary>
    internal PricedModel[] FallbackPrices { get; set; } = [];

    internal Hold? Hold { get; set; }

    /// <summary>The object that the next hold is taken in: that of the connection's last request has ended.</summary>
    internal Hold? SpareHold { get; private set; }

    /// <summary>The caller's spending has run away, and how; null: it has not.</summary>
    internal SpendVelocity? Velocity { get; set; }

    /// <summary>What the call has taken of rate limits.</summary>
    internal LimitLease Limits { get; } = new();

    /// <summary>The budgets that let the call pass although they have no room, and want that said; null: none.</summary>
    internal string? BudgetWarnings { get; set; }

    /// <summary>What puts or lowers the output cap in the body to <see cref="RequestFacts.MaxOutput"/>; null: it stays as the caller set it.</summary>
    internal BodyEdit[]? ClampEdits { get; set; }

    /// <summary>The gateway asked for usage on the caller's behalf, so it must not reach the caller.</summary>
    internal bool HidesUsage { get; set; }

    /// <summary>The cap was put into <see cref="Facts"/> by a policy: the caller set none.</summary>
    internal bool IsCapGiven { get; set; }

    /// <summary>The policy that decided; null: none was for the call.</summary>
    internal string? Policy { get; set; }

    /// <summary>The policies in shadow that would have had a say; null: none.</summary>
    internal IReadOnlyList<string>? ShadowPolicies { get; set; }

    internal ref Attempt Attempt => ref _attempt;

    /// <summary>Set when the hold has ended.</summary>
    internal UsageRecord? Record { get; set; }

    private static IReadOnlyDictionary<string, string> NoMetadata => System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>The dialect whose error envelope the caller understands.</summary>
    internal Dialect ErrorStyle => Route.Dialect == Dialect.Opaque ? Refusal.StyleOf(Http.Request.Path.Value) : Route.Dialect;

    internal void Begin(IFeatureCollection features)
    {
        Http.Initialize(features);
        if (!_knowsLines)
        {
            _lines = features.Get<HeadLines>();
            _knowsLines = true;
        }
        Head.Begin(Http.Response.Headers, _lines);
        Clock.Restart();
        Id = RequestId.New(Clock.Started);
    }

    /// <summary>What is to be sent to the target, still without headers and body.</summary>
    internal UpstreamRequest NewUpstream()
    {
        var spare = _spareUpstream;
        _spareUpstream = null;
        return Target!.Value.NewRequest(Http.Request.Method, spare);
    }

    /// <summary>The provider has it, so nobody reads it any more. A stream may run for minutes, and a thousand of them beside it.</summary>
    internal void Release(UpstreamRequest sent)
    {
        Body.Release();
        sent.Clear();
        _spareUpstream = sent;
    }

    /// <summary>The model's name as JSON: mostly the same as last time.</summary>
    internal ReadOnlyMemory<byte> EncodeModel(string name)
    {
        if (_encodedModel.Name != name)
        {
            _encodedModel = (name, BodyEdits.EncodeModel(name));
        }
        return _encodedModel.Json;
    }

    internal void End()
    {
        Http.Uninitialize();
        Head.Clear();
        Setup = null!; // An idle connection must not keep a configuration alive that is no longer in force.
        Principal = null;
        IdentityHeader = null;
        TokenValue = null;
        Metadata = NoMetadata;
        Route = default;
        Facts = default;
        Target = null;
        IsMoved = false;
        Fallbacks = [];
        CallerPrice = null;
        AwsCredentials = null;
        Price = default;
        FallbackPrices = [];
        SpareHold = Hold is { IsOpen: false } ended ? ended : null;
        Hold = null;
        Velocity = null;
        Limits.Clear();
        BudgetWarnings = null;
        ClampEdits = null;
        IsCapGiven = false;
        Policy = null;
        ShadowPolicies = null;
        HidesUsage = false;
        Attempt = default;
        Watch = Watch is { } watch && watch.TryReset() ? watch : null;
        Draft = null;
        Record = null;
    }
}
