using EdgeGw.Matching;

namespace EdgeGw.Requests;

/// <summary>Keeps callers out whose spending runs away, and tells the guard what calls cost.</summary>
internal sealed class VelocityStep(GatewayServices services)
{
    /// <summary>Null; or the refusal, while the caller's rate is too high.</summary>
    public Refusal? Check(GatewayRequest request)
    {
        // What only reads an answer that was paid for spends nothing.
        if (services.Velocity.IsOff || request.Target is null || request.Route.IsStored)
        {
            return null;
        }
        request.Velocity = services.Velocity.Check(SubjectOf(request), out var wait);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }
        services.Metrics.Alerts.VelocityRefusals.Increment();
        return Refusals.SpendVelocity(request.Velocity!, wait);
    }

    /// <summary>The call is settled. A correction downwards is not taken back: it speaks of an earlier time.</summary>
    public void Spend(GatewayRequest request)
    {
        if (!services.Velocity.IsOff && request.Record is { Cost: { Value: > 0 } cost } record)
        {
            record.Velocity = services.Velocity.Spend(SubjectOf(request), cost) ?? request.Velocity;
        }
    }

    private static CallSubject SubjectOf(GatewayRequest request)
    {
        var target = request.Target!.Value;
        return new CallSubject(request.Principal!, target.Provider.Name, target.Model, request.Metadata);
    }
}
