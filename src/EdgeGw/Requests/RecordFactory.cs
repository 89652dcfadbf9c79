using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>Makes a request's usage record: as a draft for its hold, and as it ended.</summary>
internal static class RecordFactory
{
    public static UsageRecord Draft(GatewayRequest request, NanoUsd hold) => Base(request) with { Hold = hold, CostSource = request.Price.Source };

    public static UsageRecord Settled(GatewayRequest request, NanoUsd cost, CostSource source)
    {
        var attempt = request.Attempt;
        var hold = request.Hold?.Amount ?? NanoUsd.Zero;
        return Timed(request, Base(request) with
        {
            Model = attempt.Reading.Model ?? request.Target?.Model,
            Status = attempt.Status,
            Outcome = OutcomeOf(attempt),
            Error = attempt.Error == UpstreamError.None ? attempt.Reading.Error : UpstreamErrors.CodeOf(attempt.Error),
            Usage = attempt.Reading.Usage,
            UsageSource = attempt.Reading.Source,
            Cost = cost,
            CostSource = source,
            Hold = hold,
            Overrun = NanoUsd.Max(NanoUsd.Zero, cost - hold),
        });
    }

    public static UsageRecord Refused(GatewayRequest request, Refusal refusal) => Timed(request, Base(request) with
    {
        Status = refusal.Status,
        Outcome = refusal.Code == "internal_error" ? Outcome.Failed : Outcome.Refused,
        Error = refusal.Code,
    });

    public static UsageRecord Own(GatewayRequest request) =>
        Timed(request, Base(request) with { Status = request.Http.Response.StatusCode, Outcome = Outcome.Completed });

    /// <summary>The record with the times of this very moment.</summary>
    public static UsageRecord Timed(GatewayRequest request, UsageRecord record) => record with
    {
        OverheadMicroseconds = (long)request.Clock.Overhead().TotalMicroseconds,
        FirstByteMilliseconds = request.Clock.FirstByte?.TotalMilliseconds,
        TotalMilliseconds = request.Clock.Total.TotalMilliseconds,
    };

    private static Outcome OutcomeOf(in Attempt attempt)
    {
        if (attempt.CallerGone)
        {
            return Outcome.ClientAborted;
        }
        return attempt.Error == UpstreamError.None ? Outcome.Completed : Outcome.UpstreamFailed;
    }

    private static UsageRecord Base(GatewayRequest request) => new()
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

    private static readonly Principal Unknown = new();
}
