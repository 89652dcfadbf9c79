using EdgeGw.Metering;
using EdgeGw.Policy;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Telemetry;

namespace EdgeGw.Requests;

/// <summary>Asks the policies whether the caller may make this call, and where it is to go.</summary>
internal sealed class AuthorizeStep(GatewayServices services)
{
    /// <summary>Null; or the refusal, which names its policy. A policy may have sent the call elsewhere: then it is decided there, and nothing sends it on.</summary>
    public Refusal? Check(GatewayRequest request)
    {
        var policies = request.Setup.Policies;
        if (request.Target is not { } target || !policies.Asks(request.Principal!))
        {
            return null;
        }
        var decision = policies.Decide(CallOf(request, target));
        if (decision.Route is { } rule)
        {
            Tell(request, decision, PolicyResults.Routed);
            if (Redirection.Find(request, rule.Route!) is not { } routed)
            {
                return Refusals.CannotRoute(rule);
            }
            request.Target = target = routed;
            (request.IsMoved, request.Fallbacks) = (true, []);
            decision = policies.Decide(CallOf(request, target), isRouted: true);
        }
        if (decision.IsRefused)
        {
            Tell(request, decision, PolicyResults.Refused);
            return Refusals.ByPolicy(decision, target.Provider.Name, target.Model);
        }
        if (decision.Cap is { } cap && !TryGiveCap(request, cap))
        {
            Tell(request, decision with { Rule = cap }, PolicyResults.Refused);
            return Refusals.CannotCap(cap);
        }
        foreach (var model in request.Fallbacks)
        {
            if (CheckFallback(request, target with { Model = model }) is { } refusal)
            {
                return Refusals.OfFallback(refusal, model);
            }
        }
        Tell(request, decision, PolicyResults.Allowed);
        return null;
    }

    /// <summary>The provider may answer with it, so it must be allowed as if it were asked for.</summary>
    private Refusal? CheckFallback(GatewayRequest request, in Target fallback)
    {
        var decision = request.Setup.Policies.Decide(CallOf(request, fallback));
        if (decision.Route is { } route)
        {
            Tell(request, decision with { Rule = route }, PolicyResults.Refused);
            return Refusals.CannotFallBack(route);
        }
        if (decision.IsRefused)
        {
            Tell(request, decision, PolicyResults.Refused);
            return Refusals.ByPolicy(decision, fallback.Provider.Name, fallback.Model);
        }
        var isLower = decision.Cap is { } cap && !(request.IsCapGiven && request.Facts.MaxOutput <= cap.Requirement.MaxOutput);
        if (isLower && !TryGiveCap(request, decision.Cap!))
        {
            Tell(request, decision with { Rule = decision.Cap }, PolicyResults.Refused);
            return Refusals.CannotCap(decision.Cap!);
        }
        return null;
    }

    /// <summary>Moves the call to the cheaper model of a used up budget, unless policies have something against it.</summary>
    /// <returns>False: nothing has changed.</returns>
    public bool MayMove(GatewayRequest request, Target target)
    {
        var policies = request.Setup.Policies;
        var (first, moved, fallbacks) = (request.Target, request.IsMoved, request.Fallbacks);
        var (facts, edits, given) = (request.Facts, request.ClampEdits, request.IsCapGiven);
        var decision = policies.Decide(CallOf(request, target), isRouted: true);
        if (decision.IsRefused)
        {
            Tell(request, decision, PolicyResults.Refused);
            return false;
        }
        (request.Target, request.IsMoved, request.Fallbacks) = (target, true, []);
        if (given)
        {
            // The cap's name is the provider's.
            (request.Facts, request.ClampEdits, request.IsCapGiven) = (facts with { MaxOutput = null }, null, false);
        }
        if (decision.Cap is { } cap && !TryGiveCap(request, cap))
        {
            (request.Target, request.IsMoved, request.Fallbacks) = (first, moved, fallbacks);
            (request.Facts, request.ClampEdits, request.IsCapGiven) = (facts, edits, given);
            return false;
        }
        Tell(request, decision, PolicyResults.Allowed);
        return true;
    }

    public static PolicyCall CallOf(GatewayRequest request, in Target target) => CallOf(
        request, target.Provider.Name, target.Model, request.Route.AnswerDialect, FeaturesOf(request));

    /// <param name="features">The default: none is known.</param>
    public static PolicyCall CallOf(GatewayRequest request, string? provider, string? model, Dialect dialect, in RequestFeatures features = default) => new(
        request.Principal!, provider, model, dialect, request.Metadata, features, request.Clock.Started, request.Http.Connection.RemoteIpAddress);

    public static RequestFeatures FeaturesOf(Dialect dialect, in RequestFacts facts, bool isStored, bool isCapGiven) => new(
        IsKnown: dialect != Dialect.Opaque && !isStored,
        facts.HasTools,
        facts.MediaParts > 0,
        facts.Stream,
        isCapGiven ? null : facts.MaxOutput,
        facts.InputBytes,
        Generates: !isStored && dialect is not (Dialect.Embeddings or Dialect.Rerank or Dialect.Images or Dialect.Transcriptions or Dialect.Speech or Dialect.Ocr));

    private static RequestFeatures FeaturesOf(GatewayRequest request) =>
        FeaturesOf(request.Route.Dialect, request.Facts, request.Route.IsStored, request.IsCapGiven);

    /// <summary>The caller set no cap, which a policy wants: it gets the largest that is allowed, and is told by a header.</summary>
    private static bool TryGiveCap(GatewayRequest request, PolicyRule rule)
    {
        var cap = rule.Requirement.MaxOutput!.Value;
        if (OutputCap.Edits(request.Route.Dialect, request.Target!.Value.Provider.Kind.Name, request.Body.Bytes.Span, cap) is not { } edits)
        {
            return false;
        }
        request.Facts = request.Facts with { MaxOutput = cap };
        request.ClampEdits = edits;
        request.IsCapGiven = true;
        return true;
    }

    private void Tell(GatewayRequest request, in PolicyDecision decision, string result)
    {
        if (decision.Rule is { } rule)
        {
            if (request.Policy != rule.Name)
            {
                // A call that was sent on is decided twice.
                request.Policy = request.Policy is { } first ? $"{first},{rule.Name}" : rule.Name;
            }
            services.Metrics.PolicyDecisions.With(rule.Name, WireNames.Of(rule.Effect), result).Increment();
        }
        List<string>? shadows = null;
        for (var shadow = decision.Shadows; shadow is not null && result != PolicyResults.Routed; shadow = shadow.Next)
        {
            if (shadow.ResultFor(decision) is { } would)
            {
                (shadows ??= []).Add(shadow.Rule.Name);
                services.Metrics.PolicyDecisions.With(shadow.Rule.Name, WireNames.Of(shadow.Rule.Effect), would).Increment();
            }
        }
        request.ShadowPolicies = shadows ?? request.ShadowPolicies;
    }
}
