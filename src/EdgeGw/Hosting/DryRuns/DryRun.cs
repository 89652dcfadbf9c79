using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Policy;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>Judges recorded calls by another configuration: its policies at the recorded time, its prices, and its budgets from empty, in the order in which the ledger saw them.</summary>
/// <remarks>Holds and ends are replayed at their own places in the journal, so a call meets what was open beside it. Nothing is written anywhere.</remarks>
internal sealed class DryRun
{
    private readonly GatewayConfig _config;
    private readonly Router _router;
    private readonly TrialPolicies _policies;
    private readonly TrialPolicies _policiesOfOld;
    private readonly TrialPrices _prices;
    private readonly TrialBudgets _budgets;
    private readonly Dictionary<string, IReadOnlyList<string>> _keyModels;
    private readonly DryRunReport _report = new();
    private DateTimeOffset _now;

    private DryRun(LoadedConfig loaded)
    {
        _config = loaded.Config!;
        var time = new RecordedTime();
        _router = new Router(_config, time);
        _policies = new TrialPolicies(_config.PoliciesHere, knowsRequests: true);
        _policiesOfOld = new TrialPolicies(_config.PoliciesHere, knowsRequests: false);
        _prices = new TrialPrices(loaded, time);
        _budgets = new TrialBudgets(_config.BudgetsHere);
        _keyModels = new ConfiguredKeys(_config.Identity.Keys).All.Where(static key => key.Models.Count > 0).ToDictionary(static key => key.Name, static key => key.Models);
    }

    /// <param name="loaded">Without faults.</param>
    /// <param name="calls">In the order in which they ended.</param>
    public static DryRunReport Of(LoadedConfig loaded, IReadOnlyList<JournaledCall> calls)
    {
        var run = new DryRun(loaded);
        run.Replay(calls);
        // A policy may set several.
        foreach (var limit in run._config.LimitsHere.DistinctBy(static limit => limit.Name))
        {
            run._report.CannotJudge("limit " + limit.Name, "rates are not replayed", calls.Count);
        }
        return run._report;
    }

    private void Replay(IReadOnlyList<JournaledCall> calls)
    {
        var events = new List<(long Sequence, TrialCall Call, NanoUsd? Growth)>(2 * calls.Count);
        var byEnd = new Dictionary<long, TrialCall>();
        foreach (var journaled in calls)
        {
            var call = new TrialCall(journaled);
            byEnd.Add(journaled.EndSequence, call);
            events.Add((journaled.HoldSequence, call, null));
            events.Add((journaled.EndSequence, call, null));
            events.AddRange(journaled.Growth.Select(growth => (growth.Sequence, call, (NanoUsd?)growth.Amount)));
        }
        events.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        foreach (var (sequence, call, growth) in events)
        {
            if (growth is { } amount)
            {
                if (call.Hold is { } hold && call.Grown(amount) is { Value: > 0 } more)
                {
                    _budgets.Grow(hold, more);
                }
            }
            else if (sequence == call.Journaled.HoldSequence)
            {
                Begin(call);
            }
            else
            {
                End(call, byEnd.GetValueOrDefault(call.Journaled.Corrected));
            }
        }
    }

    private void Begin(TrialCall call)
    {
        var record = call.Journaled.Record;
        // Budgets count by the ledger's order; a call that waited before it was held must not turn the clock back.
        _now = record.Time > _now ? record.Time : _now;
        if (TargetOf(record, out var error) is not { } target)
        {
            Refuse(call, "routing", error!.Code, error.Message);
            return;
        }
        var isMoved = IsOther(record, target);
        var policies = record.Request is null ? _policiesOfOld : _policies;
        var asked = CallOf(record, target);
        var unjudged = policies.Unjudged(asked).ToHashSet();
        var decision = policies.Decide(asked, isRouted: false);
        if (decision.Route is { } rule)
        {
            if (Redirected(record, rule.Route!) is not { } routed)
            {
                Refuse(call, "policy", rule.Name, Refusals.CannotRoute(rule).Message);
                return;
            }
            _report.Moved("policy", rule.Name, routed);
            (target, isMoved) = (routed, isMoved | IsOther(record, routed));
            asked = CallOf(record, target);
            unjudged.UnionWith(policies.Unjudged(asked));
            decision = policies.Decide(asked, isRouted: true);
        }
        foreach (var (name, missing) in unjudged)
        {
            _report.CannotJudge("policy " + name, "records do not tell the " + missing, 1);
        }
        if (Refused(decision, target, record) is { } refusal)
        {
            Refuse(call, "policy", refusal.Rule, refusal.Reason);
            return;
        }
        for (var shadow = decision.Shadows; shadow is not null; shadow = shadow.Next)
        {
            if (shadow.ResultFor(decision) is PolicyResults.WouldRefuse)
            {
                _report.WouldRefuse("policy", shadow.Rule.Name);
            }
        }
        Admit(call, target, isMoved, policies);
    }

    private void Admit(TrialCall call, TrialTarget target, bool isMoved, TrialPolicies policies)
    {
        var record = call.Journaled.Record;
        if (!TryHold(call, target, isMoved, downgraded: false, out var refusal))
        {
            return;
        }
        if (refusal is { Action: AtLimit.Downgrade } full && Redirected(record, full.Downgrade!) is { } cheaper
            && Refused(policies.Decide(CallOf(record, cheaper), isRouted: true), cheaper, record) is null)
        {
            (target, isMoved) = (cheaper, isMoved | IsOther(record, cheaper));
            if (!TryHold(call, target, isMoved, downgraded: true, out refusal))
            {
                return;
            }
            if (refusal is null)
            {
                _report.Moved("budget", full.Budget, target);
            }
        }
        if (refusal is not null)
        {
            Refuse(call, "budget", refusal.Budget, Refusals.OverBudget(refusal, call.FirstHold, _now).Message);
        }
    }

    /// <returns>False: refused for want of a price.</returns>
    private bool TryHold(TrialCall call, in TrialTarget target, bool isMoved, bool downgraded, out BudgetRefusal? refusal)
    {
        refusal = null;
        call.Price = _prices.Of(call.Journaled, target, isMoved);
        var subject = call.SubjectAt(target);
        if (call.Price.IsUnpriced && _budgets.CouldRefuse(subject))
        {
            Refuse(call, "price", "model_unpriced", Refusals.Unpriced(target.Model).Message);
            return false;
        }
        var result = _budgets.TryHold(subject, call.FirstHold, _now, downgraded);
        call.Hold = result.Hold;
        refusal = result.Refusal;
        foreach (var passed in result.Passed ?? [])
        {
            if (passed.Action != AtLimit.Downgrade)
            {
                _report.WouldRefuse("budget", passed.Budget);
            }
        }
        return true;
    }

    private void End(TrialCall call, TrialCall? corrected)
    {
        var record = call.Journaled.Record;
        if (call.IsRefused)
        {
            _report.AddRefused(record);
            return;
        }
        var cost = call.Price.Cost;
        if (record.Corrects is not null)
        {
            // The cost is that of the answer's call, whose charge it changes; a call that was refused has no answer.
            call.Charged = _budgets.End(call.Hold!, NanoUsd.Zero);
            cost = corrected is { IsRefused: true } ? NanoUsd.Zero : cost;
            _budgets.Correct(corrected?.Charged ?? [], cost);
        }
        else
        {
            call.Charged = _budgets.End(call.Hold!, cost);
        }
        _report.Add(record, cost, call.Price.Kept);
    }

    private void Refuse(TrialCall call, string kind, string rule, string reason)
    {
        call.IsRefused = true;
        _report.Refused(call.Journaled.Record, kind, rule, reason);
    }

    private static (string Rule, string Reason)? Refused(in PolicyDecision decision, in TrialTarget target, UsageRecord record)
    {
        if (decision.IsRefused)
        {
            return (decision.Rule?.Name ?? Refusals.KeyLimitedCode, Refusals.ByPolicy(decision, target.Provider, target.Model).Message);
        }
        // The body is not recorded; a plain one shows whether the dialect has a place for a cap.
        return decision.Cap is { } cap && OutputCap.Edits(record.Dialect, target.Kind, """{"model":"m"}"""u8, cap.Requirement.MaxOutput!.Value) is null
            ? (cap.Name, Refusals.CannotCap(cap).Message)
            : null;
    }

    /// <summary>Where the call would go: by the caller's own word where the body named the model, else where it went.</summary>
    private TrialTarget? TargetOf(UsageRecord record, out RouteError? error)
    {
        error = null;
        if (record.Request is { } request && request.Has(RequestTraits.Unified))
        {
            return Resolve(record.Dialect, record.ModelRequested, out error);
        }
        if (record.Provider is { } name && _router.Providers.TryGetValue(name, out var provider))
        {
            return new TrialTarget(name, provider.Kind.Name, ModelOf(record));
        }
        error = new RouteError(404, "unknown_provider", $"no provider is called \"{record.Provider}\"");
        return null;
    }

    private TrialTarget? Redirected(UsageRecord record, string model) =>
        record.Dialect == Dialect.Opaque ? null : Resolve(record.Dialect, model, out _);

    private TrialTarget? Resolve(Dialect dialect, string? model, out RouteError? error)
    {
        var target = _router.ResolveModel(new RouteResult { Surface = Surface.Unified, Dialect = dialect, Query = "" }, model, out error);
        return error is null ? new TrialTarget(target.Provider.Name, target.Provider.Kind.Name, target.Model) : null;
    }

    private PolicyCall CallOf(UsageRecord record, in TrialTarget target)
    {
        var request = record.Request ?? new RecordedRequest { AnswerDialect = record.Dialect };
        var facts = new RequestFacts
        {
            HasTools = request.Has(RequestTraits.Tools),
            MediaParts = request.Has(RequestTraits.Media) ? 1 : 0,
            Stream = record.Stream,
            MaxOutput = request.MaxOutput,
            InputBytes = request.PromptBytes,
        };
        var caller = record.Principal.KeyName is { } key && _keyModels.TryGetValue(key, out var models) ? record.Principal with { Models = models } : record.Principal;
        var features = AuthorizeStep.FeaturesOf(record.Dialect, facts, request.Has(RequestTraits.Stored), isCapGiven: false);
        return new PolicyCall(caller, target.Provider, target.Model, request.AnswerDialect, record.Metadata, features, record.Time, Source: null);
    }

    private static bool IsOther(UsageRecord record, in TrialTarget target) => target.Provider != record.Provider || target.Model != ModelOf(record);

    private static string? ModelOf(UsageRecord record) => record.Request is { } request ? request.Target : record.Model;
}
