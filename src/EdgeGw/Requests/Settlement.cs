using EdgeGw.Audit;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Requests;

/// <summary>The spine's last two steps: the hold becomes the actual cost, and what happened is recorded.</summary>
internal sealed class Settlement(GatewayServices services)
{
    /// <summary>Finds the prices of the model asked for and of those that the provider may answer with instead, before there is an answer.</summary>
    public void FindPrices(GatewayRequest request)
    {
        var question = QuestionOf(request);
        request.Price = PriceOf(request, question);
        request.FallbackPrices = Array.ConvertAll(request.Fallbacks, model => PriceOf(request, question with { Model = model }));
    }

    /// <summary>The most that the request can cost, whichever model answers; null when nothing bounds it or no price is known.</summary>
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
        return CallBound.Upper(request);
    }

    private static PricedModel PriceOf(GatewayRequest request, in PriceQuestion question)
    {
        var listed = request.Setup.Prices.Resolve(question).For(request.Facts);
        return request.CallerPrice?.For(listed) ?? listed;
    }

    /// <summary>The call goes to the model that a used up budget names, and the caller is told.</summary>
    public void Downgrade(GatewayRequest request, BudgetRefusal budget)
    {
        services.Metrics.BudgetsPassed.With(budget.Budget, WireNames.Of(AtLimit.Downgrade)).Increment();
        request.BudgetWarnings = budget.Budget;
    }

    /// <summary>The call goes on although budgets have no room for it: the operator sees it, and the caller too where the budget says so.</summary>
    public void PassOver(GatewayRequest request, IReadOnlyList<BudgetRefusal> passed)
    {
        foreach (var budget in passed)
        {
            if (budget.Action != AtLimit.Downgrade)
            {
                services.Metrics.BudgetsPassed.With(budget.Budget, WireNames.Of(budget.Action)).Increment();
            }
            if (budget.Action == AtLimit.Warn || (budget.Action == AtLimit.Downgrade && budget.Budget != request.BudgetWarnings))
            {
                request.BudgetWarnings = request.BudgetWarnings is { } others ? $"{others}, {budget.Budget}" : budget.Budget;
            }
        }
    }

    /// <summary>Ends the hold with what the attempt cost and returns what the caller may be told of it.</summary>
    public SettlementHeaders Settle(GatewayRequest request)
    {
        if (request.Route.IsStored)
        {
            return SettleReading(request);
        }
        if (BackgroundAnswers.IsUnfinished(request) && !IsVoid(request.Attempt))
        {
            return Defer(request);
        }
        TakeInput(request);
        var (cost, source) = CostOf(request, QuestionOf(request));
        return End(request, RecordFactory.Settled(request, cost, source));
    }

    private SettlementHeaders End(GatewayRequest request, UsageRecord record)
    {
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
    /// <returns>False: there was nothing to settle any more.</returns>
    public bool SettleAtHold(GatewayRequest request)
    {
        if (request.Hold is not { } hold || request.Record is not null || services.Journal.Fault is not null)
        {
            return false;
        }
        var record = RecordFactory.Settled(request, hold.Amount, request.Price.Source) with { Outcome = Outcome.Failed, Presumed = true };
        request.Record = record;
        services.Ledger.Settle(hold, record, out _);
        return true;
    }

    public void Record(GatewayRequest request)
    {
        if (request.Attempt.Reading.EstimateError is { } error)
        {
            services.Metrics.ObserveEstimate(request.Route.Dialect, error);
        }
        if (request.Attempt.StoppedBy is { } budget)
        {
            services.Metrics.StreamsStopped.With(budget).Increment();
            services.Audit.Refused(AuditActor.Of(request.Principal), "budget.stop", budget);
        }
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
            services.Audit.Refused(AuditActor.Of(request.Principal), "budget.block", budget);
        }
        else if (refusal.Code is Refusals.PolicyDeniedCode or Refusals.PolicyRequirementCode)
        {
            services.Audit.Refused(AuditActor.Of(request.Principal), "policy.deny", request.Policy ?? refusal.Code);
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

    /// <summary>The answer is still being made: what it may cost at most is charged until its usage is read. Free it must not be.</summary>
    private SettlementHeaders Defer(GatewayRequest request)
    {
        var id = request.Attempt.Reading.ResponseId;
        request.Attempt.Reading = BackgroundAnswers.WithoutUsage(request.Attempt.Reading);
        var record = RecordFactory.Settled(request, request.Hold!.Amount, request.Price.Source) with { Presumed = true };
        if (id is null)
        {
            return End(request, record);
        }
        request.Record = record;
        services.Ledger.Defer(request.Hold, record, id, request.Target!.Value.Model, request.Body.Length, out var tightest);
        return SettlementHeaders.Of(record, tightest);
    }

    /// <summary>A stored answer was read, which costs nothing by itself; the first to see the end of a deferred one corrects what that was charged.</summary>
    private SettlementHeaders SettleReading(GatewayRequest request)
    {
        var reading = request.Attempt.Reading;
        request.Attempt.Reading = BackgroundAnswers.WithoutUsage(reading);
        var record = RecordFactory.Settled(request, NanoUsd.Zero, CostSource.None);
        if (BackgroundAnswers.IsConclusive(request, reading)
            && services.Ledger.FindDeferred(request.Target!.Value.Provider.Name, reading.ResponseId!) is { } answer)
        {
            var correction = Correction(request, BackgroundAnswers.Concluded(reading, answer, request.Target.Value.Provider, services.Estimator), answer);
            if (services.Ledger.TryCorrect(request.Hold!, answer, correction, out var tightest))
            {
                request.Record = correction;
                return SettlementHeaders.Of(correction, tightest);
            }
        }
        return End(request, record);
    }

    /// <summary>The record of the request that read a deferred answer's end, priced as the request that made it.</summary>
    private UsageRecord Correction(GatewayRequest request, in MeterReading reading, DeferredAnswer answer)
    {
        var provider = request.Target!.Value.Provider;
        request.Target = request.Target.Value with { Model = answer.Model };
        request.Attempt.Reading = reading;
        // Whoever reads it, the price is that of the caller who asked for it; one that this caller stated went with the request, and its hold stays.
        var charge = answer.Charge();
        request.CallerPrice = null;
        var question = new PriceQuestion(provider.Name, provider.Kind.Name, answer.Model, charge.Principal);
        request.Price = request.Setup.Prices.Resolve(question);
        var (cost, source) = charge.CostSource == CostSource.Caller ? (charge.Cost, CostSource.Caller) : CostOf(request, question);
        return RecordFactory.Settled(request, cost - charge.Cost, source) with { Corrects = charge };
    }

    /// <summary>A call given up before the provider said anything is billed for its input all the same: hanging up early never makes it free.</summary>
    private void TakeInput(GatewayRequest request)
    {
        ref var attempt = ref request.Attempt;
        if (attempt.Reading.Source != UsageSource.None || IsVoid(attempt) || !(attempt.CallerGone || UpstreamErrors.IsTimeout(attempt.Error))
            || request.Route.Dialect == Dialect.Opaque)
        {
            return;
        }
        var target = request.Target!.Value;
        var input = services.Estimator.EstimateInput(target.Provider.Kind.Name, target.Model, request.Body.Length);
        attempt.Reading = attempt.Reading with { Usage = new Usage { Input = input }, Source = UsageSource.Estimated };
    }

    private (NanoUsd Cost, CostSource Source) CostOf(GatewayRequest request, in PriceQuestion question)
    {
        if (IsVoid(request.Attempt))
        {
            return (NanoUsd.Zero, request.Price.Source);
        }
        if (request.CallerPrice is { Total: { } total })
        {
            return (IsFree(request) ? NanoUsd.Zero : total, CostSource.Caller);
        }
        ref readonly var reading = ref request.Attempt.Reading;
        var price = request.Price;
        if (request.CallerPrice is null && request.Setup.Prices.Resolve(question, reading.Model) is { IsPriced: true } answered)
        {
            price = answered.For(request.Facts);
        }
        var cost = AnswerCost.Of(reading.Usage, price, reading.Terms, reading.ProviderCost, request.Setup.Prices, question, out var source, out var unpriced);
        if (source is CostSource.None or CostSource.Ceiling && !reading.Usage.IsEmpty)
        {
            services.Log.Unpriced(question.Provider, unpriced ?? question.Model ?? "", source == CostSource.Ceiling);
        }
        // The hold is the most that the call can have cost: an estimate beyond it is wrong, and nobody is billed for a guess.
        if (reading.Source == UsageSource.Estimated && request.Hold is { Amount: { Value: > 0 } most } && cost > most)
        {
            cost = most;
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

    /// <summary>Nothing is owed: the call never left, or the provider refused it or broke off before answering (none bills a 4xx, a 5xx or a reset).</summary>
    public static bool IsVoid(in Attempt attempt) =>
        attempt.Status >= 400 || (attempt.Status == 0 && !(attempt.RequestSent && (attempt.CallerGone || UpstreamErrors.IsTimeout(attempt.Error))));

    private void Publish(UsageRecord record)
    {
        services.Metrics.Observe(record);
        services.Recent.Add(record);
        services.RequestLog?.Write(record);
    }
}
