using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Routing;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>Makes a request's usage record: as a draft for its hold, and as it ended.</summary>
/// <remarks>The draft becomes the settled record: a second one costs more memory than most else that a call needs in the gateway's own code.</remarks>
internal static class RecordFactory
{
    private static readonly Principal Unknown = new();

    public static UsageRecord Draft(GatewayRequest request, NanoUsd hold)
    {
        var record = New(request);
        record.Hold = hold;
        record.CostSource = request.Price.Source;
        record.Request = RequestOf(request, default);
        return record;
    }

    /// <summary>The draft of the hold with all that is known now; each further record of the request is a new one.</summary>
    public static UsageRecord Settled(GatewayRequest request, NanoUsd cost, CostSource source)
    {
        ref readonly var attempt = ref request.Attempt;
        var hold = request.Hold?.Amount ?? NanoUsd.Zero;
        var record = request.Draft ?? New(request);
        request.Draft = null;
        record.Model = attempt.Reading.Model ?? request.Target?.Model;
        record.Status = attempt.Status;
        record.Outcome = OutcomeOf(attempt);
        record.Error = ErrorOf(request, attempt);
        record.Usage = attempt.Reading.Usage;
        record.UsageSource = attempt.Reading.Source;
        record.Cost = cost;
        record.CostSource = source;
        record.Hold = hold;
        record.Overrun = NanoUsd.Max(NanoUsd.Zero, cost - hold);
        record.Request = RequestOf(request, attempt.Reading.Terms);
        SetDecisions(request, record);
        SetTimes(request, record);
        return record;
    }

    /// <summary>The record of a request that was answered by the gateway itself.</summary>
    public static UsageRecord Own(GatewayRequest request, int status, Outcome outcome, string? error)
    {
        var record = New(request);
        record.Status = status;
        record.Outcome = outcome;
        record.Error = error;
        SetDecisions(request, record);
        SetTimes(request, record);
        return record;
    }

    /// <summary>Sets the times of this very moment, on a record that nobody else has seen yet.</summary>
    public static void SetTimes(GatewayRequest request, UsageRecord record)
    {
        var (total, overhead) = request.Clock.Passed();
        record.OverheadMicroseconds = (long)overhead.TotalMicroseconds;
        record.FirstByteMilliseconds = request.Clock.FirstByte?.TotalMilliseconds;
        record.TotalMilliseconds = total.TotalMilliseconds;
    }

    private static UsageRecord New(GatewayRequest request) => new()
    {
        Id = request.Id,
        Time = request.Clock.Started,
        Principal = request.Principal ?? Unknown,
        Metadata = request.Metadata,
        Dialect = request.Route.Dialect,
        Provider = request.Target?.Provider.Name,
        ModelRequested = request.Facts.Model ?? request.Target?.Model,
        Model = request.Target?.Model,
        Stream = request.Facts.Stream,
    };

    private static void SetDecisions(GatewayRequest request, UsageRecord record)
    {
        record.Velocity = request.Velocity;
        record.Policy = request.Policy;
        record.ShadowPolicies = request.ShadowPolicies;
    }

    private static RecordedRequest RequestOf(GatewayRequest request, in ServedTerms served)
    {
        ref readonly var facts = ref request.Facts;
        var route = request.Route;
        var traits = (facts.HasTools ? RequestTraits.Tools : 0)
            | (facts.MediaParts > 0 ? RequestTraits.Media : 0)
            | (route.IsStored ? RequestTraits.Stored : 0)
            | (route.Surface == Surface.Unified && facts.Model is not null ? RequestTraits.Unified : 0)
            | (request.IsMoved ? RequestTraits.Moved : 0)
            | (facts.SearchContext is null && facts.ImageSize is null && facts.ImageQuality is null ? 0 : RequestTraits.FeesByRequest)
            | (served.Parts is null ? 0 : RequestTraits.SeveralModels);
        return new RecordedRequest(
            traits, request.Target?.Model is { Length: > 0 } model ? model : null, route.AnswerDialect, request.IsCapGiven ? null : facts.MaxOutput, facts.InputBytes, served.Tier, served.Geography);
    }

    private static string? ErrorOf(GatewayRequest request, in Attempt attempt)
    {
        if (attempt.StoppedBy is not null)
        {
            return Refusals.BudgetExhaustedCode;
        }
        if (attempt.Error != UpstreamError.None)
        {
            return UpstreamErrors.CodeOf(attempt.Error);
        }
        var endsKnown = request.Facts.Stream && request.Route.Dialect != Dialect.Opaque && attempt.Status == 200 && !attempt.CallerGone;
        return attempt.Reading.Error ?? (endsKnown && !attempt.Reading.Complete ? "stream_incomplete" : null);
    }

    private static Outcome OutcomeOf(in Attempt attempt)
    {
        if (attempt.CallerGone)
        {
            return Outcome.ClientAborted;
        }
        if (attempt.StoppedBy is not null)
        {
            return Outcome.BudgetStopped;
        }
        return attempt.Error == UpstreamError.None ? Outcome.Completed : Outcome.UpstreamFailed;
    }
}
