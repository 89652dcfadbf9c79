using System.Runtime.CompilerServices;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Requests;

/// <summary>One request, top to bottom. Each step may refuse; whatever happens, a hold that was taken ends and the request is recorded.</summary>
public sealed class RequestSpine(GatewayServices services)
{
    private readonly Settlement _settlement = new(services);
    private readonly AuthorizeStep _authorize = new(services);
    private readonly VelocityStep _velocity = new(services);
    private readonly LimitStep _limits = new(services);

    public async Task ServeAsync(GatewayRequest request)
    {
        services.Metrics.ActiveRequests.Increment();
        request.Setup = services.Setup;
        try
        {
            var refusal = FindRoute(request)
                ?? await IdentifyAsync(request)
                ?? await InspectAsync(request)
                ?? ChooseTarget(request)
                ?? _authorize.Check(request)
                ?? await FindCredentialsAsync(request)
                ?? _velocity.Check(request)
                ?? _limits.Take(request)
                ?? await AdmitAsync(request)
                ?? await ServeTargetAsync(request);
            if (refusal is not null)
            {
                await RefuseAsync(request, refusal);
            }
        }
        catch (Exception fault)
        {
            await FailAsync(request, fault);
        }
        finally
        {
            _limits.End(request);
            request.Body.Clear();
            services.Metrics.ActiveRequests.Decrement();
        }
    }

    private Refusal? FindRoute(GatewayRequest request)
    {
        var target = request.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        request.Route = request.Setup.Router.Resolve(request.Http.Request.Method, target);
        return request.Route.Error is { } error ? Refusals.NoRoute(error) : null;
    }

    /// <summary>Waits only where a token is not known yet, and then mostly for nothing but its signature's verification.</summary>
    private async ValueTask<Refusal?> IdentifyAsync(GatewayRequest request)
    {
        var headers = request.Http.Request.Headers;
        var waiting = request.Clock.Now();
        var verification = request.Setup.Identifier.IdentifyAsync(headers, request.Route.QueryCredential, request.LastSecret, request.Http.RequestAborted);
        var known = verification.IsCompleted;
        var identification = await verification;
        if (!known)
        {
            request.Clock.Waited(waiting);
        }
        request.Principal = identification.Principal;
        request.IdentityHeader = identification.Header;
        (request.TokenValue, request.TokenStart) = (identification.TokenValue, identification.TokenStart);
        if (identification.Fault is { } fault)
        {
            return Refusals.Unidentified(fault);
        }
        if (!CallerMetadata.TryRead(headers, out var metadata, out var metadataFault))
        {
            return Refusals.BadMetadata(metadataFault!);
        }
        request.Metadata = metadata;
        return CustomCost.IsPresent(headers) ? TakeCustomCost(request) : null;
    }

    /// <summary>A price of the caller's own counts only where the operator lets this caller state one; elsewhere it must not seem to count.</summary>
    private Refusal? TakeCustomCost(GatewayRequest request)
    {
        if (request.Setup.Config.Pricing.CustomCost is not { } allowed || !PrincipalFilter.Matches(allowed, request.Principal))
        {
            return Refusals.CustomCostDenied();
        }
        if (!CustomCost.TryRead(request.Http.Request.Headers, out var price, out var fault))
        {
            return Refusals.BadCustomCost(fault!);
        }
        request.CallerPrice = price;
        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Refusal?> InspectAsync(GatewayRequest request)
    {
        var waiting = request.Clock.Now();
        var whole = await request.Body.ReadAsync(request.Http.Request, request.Setup.Config.Requests.MaxBodyBytes, request.Http.RequestAborted);
        request.Clock.Waited(waiting);
        if (!whole)
        {
            return Refusals.BodyTooLarge(request.Setup.Config.Requests.MaxBodyBytes);
        }
        var dialect = request.Route.Dialect;
        if (dialect == Dialect.Opaque)
        {
            request.Facts = new RequestFacts { InputBytes = request.Body.Length };
            return null;
        }
        var body = request.Body.Bytes.Span;
        if (dialect is Dialect.Images or Dialect.Transcriptions && FormInspector.IsForm(body)
            && !FormInspector.AgreesWith(request.Http.Request.ContentType, body))
        {
            return Refusals.BadForm();
        }
        var inspection = RequestInspector.Inspect(dialect, body, modelInPath: request.Route.PathModel is not null);
        request.Facts = inspection.Facts with { Stream = inspection.Facts.Stream || request.Route.StreamedByPath };
        return inspection.Error is { } error ? Refusals.Unreadable(error) : null;
    }

    private Refusal? ChooseTarget(GatewayRequest request)
    {
        if (request.Route.Surface == Surface.Models)
        {
            return null;
        }
        var target = request.Setup.Router.ResolveModel(request.Route, request.Facts.Model, out var error);
        if (error is not null)
        {
            return Refusals.NoRoute(error);
        }
        request.Target = target;
        var provider = target.Provider;
        return provider.LacksKey && !request.Setup.Config.Identity.Passthrough ? Refusals.NoKeyForProvider(provider.Name) : ProviderFallbacks.Take(request);
    }

    /// <summary>What calls to AWS are signed with. Waits only where no valid credentials are at hand.</summary>
    private async ValueTask<Refusal?> FindCredentialsAsync(GatewayRequest request)
    {
        if (request.Target?.Provider is not { Signer: { } signer } provider)
        {
            return null;
        }
        var waiting = request.Clock.Now();
        var (credentials, fault) = await signer.FindCredentialsAsync(request.Http.RequestAborted);
        request.Clock.Waited(waiting);
        if (fault is not null)
        {
            services.Log.NoCredentials(provider.Name, fault, stillValid: credentials is not null);
        }
        request.AwsCredentials = credentials;
        return credentials is null ? Refusals.NoCredentials(provider.Name) : null;
    }

    /// <summary>Sets the most that the call can cost aside, on every budget that applies or on none.</summary>
    private async ValueTask<Refusal?> AdmitAsync(GatewayRequest request)
    {
        if (request.Target is not { } target)
        {
            return null;
        }
        if (services.StorageFault() is not null)
        {
            return Refusals.OutOfMoneyService();
        }
        if (!services.Journal.HasRoomForHolds)
        {
            return Refusals.DiskNearlyFull();
        }
        var refusal = Hold(request, downgraded: false, out var downgrade);
        if (downgrade is null)
        {
            return refusal;
        }
        // The budget is used up and names a cheaper model: the call goes there, if that speaks the caller's dialect and policies let it.
        if (Redirection.Find(request, downgrade.Downgrade!) is not { } redirected || !_authorize.MayMove(request, redirected))
        {
            return refusal;
        }
        _settlement.Downgrade(request, downgrade);
        return await FindCredentialsAsync(request) ?? Hold(request, downgraded: true, out _);
    }

    private Refusal? Hold(GatewayRequest request, bool downgraded, out BudgetRefusal? downgrade)
    {
        downgrade = null;
        var target = request.Target!.Value;
        _settlement.FindPrices(request);
        var bound = _settlement.UpperBound(request);
        if (bound is null && services.Ledger.CouldRefuse(request.Principal!, RecordFactory.Draft(request, NanoUsd.Zero)))
        {
            return CallBound.FindUnpriced(request) is { } unpriced ? Refusals.Unpriced(unpriced) : Refusals.HoldTooLarge();
        }
        var amount = bound ?? NanoUsd.Zero;
        var result = TryHold(request, amount, downgraded);
        var (asked, edits) = (request.Facts, request.ClampEdits);
        if (result.Refusal is { } blocked && OutputClamp.TryApply(request, blocked))
        {
            amount = _settlement.UpperBound(request)!.Value;
            result = TryHold(request, amount, downgraded);
            if (result.Hold is null)
            {
                // Others were faster, and the room is gone.
                (request.Facts, request.ClampEdits) = (asked, edits);
                amount = bound!.Value;
            }
        }
        request.Hold = result.Hold;
        if (result.Passed is { } passed)
        {
            _settlement.PassOver(request, passed);
        }
        if (result.Refusal is not { } refusal)
        {
            return null;
        }
        downgrade = refusal.Action == AtLimit.Downgrade ? refusal : null;
        return Refusals.OverBudget(refusal, amount, services.Time.GetUtcNow());
    }

    private HoldResult TryHold(GatewayRequest request, NanoUsd amount, bool downgraded) =>
        services.Ledger.TryHold(request.Principal!, amount, request.Draft = RecordFactory.Draft(request, amount), downgraded, request.SpareHold);

    /// <summary>Calls the provider and passes its answer on; the meter reads along, and the hold is settled before the answer ends.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Refusal?> ServeTargetAsync(GatewayRequest request)
    {
        if (request.Target is not { } target)
        {
            await ModelList.WriteAsync(request);
            _settlement.RecordOwnAnswer(request);
            return null;
        }
        var hold = request.Hold!;
        if (UpstreamRequestFactory.Create(request, services.Time.GetUtcNow(), out var unsendable) is not { } upstream)
        {
            Settle(request);
            return unsendable;
        }
        if (request.Setup.Config.Durability == Durability.Strict)
        {
            await services.Journal.WaitDurableAsync(hold.Sequence);
        }
        using var watch = (request.Watch ??= new CallerWatch(services.Drains, services.Time)).Begin(request.Http.RequestAborted, request.Setup.Config.Abort);
        await using var exchange = request.Exchange.Begin(watch);
        await exchange.OpenAsync(services.Transport, upstream);
        if (request.Attempt.Status != 0)
        {
            request.Release(upstream);
        }
        else
        {
            // An upload that was cut short may still read from it.
            request.Body.Drop();
        }
        if (target.Provider.Signer is not null && exchange.SignatureHint(services.Time.GetUtcNow()) is { } hint)
        {
            services.Log.SignatureRefused(target.Provider.Name, hint);
        }
        if (request.Setup.Config.Durability == Durability.Overlapped)
        {
            // The output gate: nothing of the answer leaves before the hold is on disk. Behind a provider's own delay it long is.
            var waiting = request.Clock.Now();
            await services.Journal.WaitDurableAsync(hold.Sequence);
            services.Metrics.JournalWait.Observe((long)request.Clock.Since(waiting).TotalMicroseconds);
        }
        if (exchange.IsWhole)
        {
            var settlement = Settle(request);
            if (request.Record!.Presumed && request.Setup.Config.Durability != Durability.Relaxed)
            {
                // Whoever knows a background answer's id must find it charged, also after a crash: only then can its usage correct the charge.
                await services.Journal.WaitDurableAsync(services.Journal.LastSequence);
            }
            await exchange.SendWholeAsync(settlement);
        }
        else if (request.Attempt is { Status: not 0, Error: Upstream.UpstreamError.None })
        {
            await exchange.RelayAsync(StreamGuard.For(request, services.Ledger));
            await exchange.EndAsync(Settle(request));
        }
        else
        {
            Settle(request);
            return Refusals.Upstream(target.Provider.Name, request.Attempt.Error);
        }
        _settlement.Record(request);
        return null;
    }

    /// <summary>Before the caller sees the end: its next call must find corrected limits.</summary>
    private SettlementHeaders Settle(GatewayRequest request)
    {
        var settlement = _settlement.Settle(request);
        _velocity.Spend(request);
        _limits.End(request);
        return settlement;
    }

    private async ValueTask RefuseAsync(GatewayRequest request, Refusal refusal)
    {
        _limits.End(request);
        await RefusalAnswer.WriteAsync(request, refusal);
        _settlement.RecordRefusal(request, refusal);
    }

    /// <summary>Something of ours broke. The caller learns that it was not its fault, the hold ends at its full value, and the cause is logged.</summary>
    private async ValueTask FailAsync(GatewayRequest request, Exception fault)
    {
        var refusal = Refusals.Of(fault, request.Http.RequestAborted.IsCancellationRequested);
        if (refusal.Code == "internal_error")
        {
            services.Log.RequestFailed(request.Id, fault);
        }
        if (_settlement.SettleAtHold(request))
        {
            _velocity.Spend(request);
        }
        request.Body.Drop();
        if (request.Http.Response.HasStarted)
        {
            request.Http.Abort();
            _settlement.RecordRefusal(request, refusal);
        }
        else
        {
            await RefuseAsync(request, refusal);
        }
    }
}
