using EdgeGw.Budgets;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Requests;

/// <summary>The spine's last two steps: the hold becomes the actual cost, and what happened is recorded.</summary>
internal sealed class Settlement(GatewayServices services)
{
    /// <summary>The price of the model asked for, before there is an answer.</summary>
    public PricedModel PriceOf(GatewayRequest request)
    {
        var listed = services.Prices.Resolve(QuestionOf(request)).For(request.Facts);
        return request.CallerPrice?.For(listed) ?? listed;
    }

    /// <summary>The most that the request can cost; null when nothing bounds it or no price is known.</summary>
    public NanoUsd? UpperBound(GatewayRequest request)
    {
        if (IsFree(request))
        {
            return NanoUsd.Zero;
        }
        if (request.CallerPrice is { Total: { } total })
        {
            return total;
        }
        return HoldEstimate.UpperBound(request.Facts, request.Price, services.Config.Requests);
    }

    /// <summary>Ends the hold with what the attempt cost and returns what the caller may be told of it.</summary>
    public SettlementHeaders Settle(GatewayRequest request)
    {
        request.Attempt = WithInput(request);
        var (cost, source) = CostOf(request);
        var record = RecordFactory.Settled(request, cost, source);
        if (IsQueued(request))
        {
            // A background answer is only queued: its usage comes with a later request, which is not metered yet. Free it must not be.
            record = record with { Cost = request.Hold!.Amount, Presumed = true };
        }
        request.Record = record;
        BudgetRemainder? tightest;
        if (IsVoid(request.Attempt))
        {
            services.Ledger.Void(request.Hold!, record, out tightest);
        }
        else
        {
            services.Ledger.Settle(request.Hold!, record, out tightest);
        }
        return SettlementHeaders.Of(record, tightest);
    }

    /// <summary>For exits that nobody planned: whatever the provider did is at most what was held.</summary>
    public void SettleAtHold(GatewayRequest request)
    {
        if (request.Hold is { } hold && request.Record is null && services.Journal.Fault is null)
        {
            var record = RecordFactory.Settled(request, hold.Amount, request.Price.Source) with { Outcome = Outcome.Failed, Presumed = true };
            request.Record = record;
            services.Ledger.Settle(hold, record, out _);
        }
    }

    public void Record(GatewayRequest request)
    {
        RecordFactory.SetTimes(request, request.Record!);
        Publish(request.Record!);
    }

    /// <summary>Records an answer for which no provider was needed.</summary>
    public void RecordOwnAnswer(GatewayRequest request) =>
        Publish(RecordFactory.Own(request, request.Http.Response.StatusCode, Outcome.Completed, error: null));

    /// <summary>Records a refusal or a failure; a call that had been settled keeps its usage and cost.</summary>
    public void RecordRefusal(GatewayRequest request, Refusal refusal)
    {
        if (refusal.Budget is { } budget)
        {
            services.Metrics.BudgetRefusals.With(budget).Increment();
        }
        if (request.Record is { } settled)
        {
            var refused = settled with { Status = refusal.Status, Error = refusal.Code };
            RecordFactory.SetTimes(request, refused);
            Publish(refused);
        }
        else
        {
            var outcome = refusal.Code == "internal_error" ? Outcome.Failed : Outcome.Refused;
            Publish(RecordFactory.Own(request, refusal.Status, outcome, refusal.Code));
        }
    }

    /// <summary>A call given up before the provider said anything is billed for its input all the same: hanging up early never makes it free.</summary>
    private Attempt WithInput(GatewayRequest request)
    {
        var attempt = request.Attempt;
        if (attempt.Reading.Source != UsageSource.None || IsVoid(attempt) || !(attempt.CallerGone || UpstreamErrors.IsTimeout(attempt.Error))
            || request.Route.Dialect == Dialect.Opaque)
        {
            return attempt;
        }
        var target = request.Target!.Value;
        var input = services.Estimator.EstimateInput(target.Provider.Kind.Name, target.Model, request.Body.Bytes.Length);
        return attempt with { Reading = attempt.Reading with { Usage = new Usage { Input = input }, Source = UsageSource.Estimated } };
    }

    private (NanoUsd Cost, CostSource Source) CostOf(GatewayRequest request)
    {
        var attempt = request.Attempt;
        if (IsVoid(attempt))
        {
            return (NanoUsd.Zero, request.Price.Source);
        }
        if (request.CallerPrice is { Total: { } total })
        {
            return (IsFree(request) ? NanoUsd.Zero : total, CostSource.Caller);
        }
        var question = QuestionOf(request);
        var reading = attempt.Reading;
        var price = request.Price;
        if (request.CallerPrice is null && services.Prices.Resolve(question, reading.Model) is { IsPriced: true } answered)
        {
            price = answered.For(request.Facts);
        }
        var cost = AnswerCost.Of(reading.Usage, price, reading.ServiceTier, reading.ProviderCost, services.Prices, question, out var source, out var unpriced);
        if (source is CostSource.None or CostSource.Ceiling && !reading.Usage.IsEmpty)
        {
            services.Log.Unpriced(question.Provider, unpriced ?? question.Model ?? "", source == CostSource.Ceiling);
        }
        return (cost, source);
    }

    private static bool IsFree(GatewayRequest request) =>
        request.Route.Dialect == Dialect.Opaque && FreeRoutes.Contains(request.Http.Request.Method, request.Http.Request.Path.Value);

    private static PriceQuestion QuestionOf(GatewayRequest request)
    {
        var target = request.Target!.Value;
        return new PriceQuestion(target.Provider.Name, target.Provider.Kind.Name, target.Model, request.Principal);
    }

    private static bool IsQueued(GatewayRequest request) =>
        request.Facts.Background && request.Attempt.Reading.Source == UsageSource.None && !IsVoid(request.Attempt);

    /// <summary>Nothing is owed: the call never left, or the provider refused it or broke off before answering (none bills a 4xx, a 5xx or a reset).</summary>
    private static bool IsVoid(in Attempt attempt) =>
        attempt.Status >= 400 || (attempt.Status == 0 && !(attempt.RequestSent && (attempt.CallerGone || UpstreamErrors.IsTimeout(attempt.Error))));

    private void Publish(UsageRecord record)
    {
        services.Metrics.Observe(record);
        services.Recent.Add(record);
        services.RequestLog?.Write(record);
    }
}
