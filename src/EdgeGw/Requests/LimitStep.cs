using EdgeGw.Matching;
using EdgeGw.Metering;

namespace EdgeGw.Requests;

/// <summary>Takes what a call needs of the rate limits that apply, and brings it to the truth when the call is over.</summary>
internal sealed class LimitStep(GatewayServices services)
{
    /// <summary>Null; or the refusal, when a limit has no room: then nothing was taken.</summary>
    public Refusal? Take(GatewayRequest request)
    {
        var limits = services.Limits;
        if (limits.IsEmpty || request.Target is not { } target)
        {
            return null;
        }
        var tokens = limits.CountsTokens ? TokenReservation.Of(request, services.Estimator) : 0;
        var subject = new CallSubject(request.Principal!, target.Provider.Name, target.Model, request.Metadata);
        var refusal = limits.TryTake(subject, tokens, request.Limits, limits.AsksPolicies ? AuthorizeStep.CallOf(request, target) : default);
        if (refusal is not null)
        {
            services.Metrics.LimitRefusals.With(refusal.Limit.Name).Increment();
            return Refusals.RateLimited(refusal);
        }
        foreach (var limit in request.Limits.Passed)
        {
            services.Metrics.LimitsPassed.With(limit).Increment();
        }
        return null;
    }

    /// <summary>The call is over, refusals by later steps and exceptions included. All but the first time nothing happens.</summary>
    public void End(GatewayRequest request) => services.Limits.End(request.Limits, RequestsOf(request), TokensOf(request));

    /// <summary>A call that certainly never left for a provider does not count: the limit is on what reaches one.</summary>
    private static long RequestsOf(GatewayRequest request) => request.Record is { } record && (record.Presumed || request.Attempt.RequestSent) ? 1 : 0;

    /// <summary>Null: what it used is not known (a background answer, a failure of ours, a provider that reports nothing), and the reservation stands.</summary>
    private static long? TokensOf(GatewayRequest request)
    {
        if (request.Record is not { } record || request.Route.IsStored)
        {
            return 0;
        }
        if (record.Presumed)
        {
            return null;
        }
        if (Settlement.IsVoid(request.Attempt))
        {
            return 0;
        }
        return record.UsageSource == UsageSource.None ? null : record.Usage.Input + record.Usage.Output;
    }
}
