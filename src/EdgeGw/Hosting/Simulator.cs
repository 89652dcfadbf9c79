using EdgeGw.Admin;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Metering;
using EdgeGw.Policy;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting;

/// <summary>Walks a call that nobody makes through the spine's steps up to the hold, asking each and changing none.</summary>
internal sealed class Simulator(GatewayServices services, VirtualKeys keys)
{
    public AdminResult<Simulation> Simulate(SimulatedCall call)
    {
        var setup = services.Setup;
        if (CallerOf(call) is not { } caller)
        {
            return new AdminError(404, "key_not_found", "No key of that id or name is in force here.");
        }
        var facts = new RequestFacts
        {
            Dialect = call.Dialect,
            Model = call.Model,
            Stream = call.Stream,
            MaxOutput = call.MaxOutput,
            Choices = 1,
            InputBytes = call.PromptBytes,
            HasTools = call.Tools,
            MediaParts = call.Images ? 1 : 0,
        };
        var target = TargetOf(setup, call, call.Model, out var error);
        if (error is not null)
        {
            return new Simulation(error.Status, error.Code, error.Message, Policy: null);
        }
        var asked = CallOf(call, caller, target, facts);
        var decision = setup.Policies.Decide(asked);
        string? routedBy = null;
        if (decision.Route is { } rule)
        {
            routedBy = rule.Name;
            var routed = TargetOf(setup, call, rule.Route!, out error);
            if (error is not null)
            {
                return Refused(Refusals.CannotRoute(rule), rule.Name, target, RulesFor(setup, asked)) with { RoutedBy = routedBy };
            }
            target = routed;
            asked = CallOf(call, caller, target, facts);
            decision = setup.Policies.Decide(asked, isRouted: true);
        }
        var rules = RulesFor(setup, asked);
        if (decision.IsRefused)
        {
            return Refused(Refusals.ByPolicy(decision, target.Provider.Name, target.Model), decision.Rule?.Name, target, rules) with { RoutedBy = routedBy };
        }
        if (decision.Cap is { } cap)
        {
            facts = facts with { MaxOutput = cap.Requirement.MaxOutput };
        }
        var outcome = Admit(setup, call, caller, target, facts);
        return outcome with { Policy = decision.Rule?.Name ?? routedBy, RoutedBy = routedBy, Rules = rules, GivenMaxOutput = decision.Cap?.Requirement.MaxOutput };
    }

    /// <summary>Limits and budgets, and the cheaper model of a budget that has no room.</summary>
    private Simulation Admit(GatewaySetup setup, SimulatedCall call, Principal caller, Target target, RequestFacts facts)
    {
        var tokens = TokenReservation.Of(call.Dialect, facts, target, services.Estimator);
        var limits = services.Limits.Preview(new CallSubject(caller, target.Provider.Name, target.Model, call.Metadata), CallOf(call, caller, target, facts), tokens)
            .Select(static each => new SimulatedLimit(each.Limit, each.Scope, each.Remaining, each.Needed)).ToArray();
        var first = Hold(setup, call, caller, target, facts) with { Limits = limits };
        if (limits.FirstOrDefault(static limit => !limit.Fits && limit.Limit.AtLimit == AtLimit.Block) is { } full)
        {
            return first with { Status = 429, Code = "rate_limited", Message = $"Limit \"{full.Limit.Name}\" has no room for this call." };
        }
        if (first.Budgets.FirstOrDefault(static budget => !budget.Fits && budget.Status.Action == AtLimit.Downgrade)?.Status.Budget is not { } exhausted)
        {
            return first;
        }
        var cheaper = setup.Config.Budgets.First(budget => budget.Name == exhausted).Downgrade!;
        var moved = TargetOf(setup, call, cheaper, out var error);
        if (error is not null || setup.Policies.Decide(CallOf(call, caller, moved, facts), isRouted: true).IsRefused)
        {
            return first with { Status = 429, Code = "budget_exceeded", Message = $"Budget \"{exhausted}\" has no room, and the call cannot go to {cheaper}." };
        }
        return Hold(setup, call, caller, moved, facts) with { Limits = limits, DowngradedBy = exhausted };
    }

    private Simulation Hold(GatewaySetup setup, SimulatedCall call, Principal caller, Target target, in RequestFacts facts)
    {
        var price = setup.Prices.Resolve(new PriceQuestion(target.Provider.Name, target.Provider.Kind.Name, target.Model, caller)).For(facts);
        var bound = HoldEstimate.UpperBound(facts, price, setup.Config.Requests);
        var draft = new UsageRecord
        {
            Id = Guid.Empty,
            Time = services.Time.GetUtcNow(),
            Principal = caller,
            Metadata = call.Metadata,
            Dialect = call.Dialect,
            Provider = target.Provider.Name,
            Model = target.Model,
        };
        var amount = bound ?? NanoUsd.Zero;
        SimulatedBudget[] budgets = [.. services.Ledger.Preview(caller, draft).Select(status => new SimulatedBudget(status, amount == NanoUsd.Zero || amount <= status.Remaining))];
        var result = new Simulation(200, null, null, null) { Provider = target.Provider.Name, Model = target.Model, Hold = bound, Budgets = budgets };
        if (bound is null && budgets.Any(static budget => budget.Status.Action is AtLimit.Block or AtLimit.Downgrade))
        {
            var refusal = price.IsPriced ? Refusals.HoldTooLarge() : Refusals.Unpriced(target.Model);
            return result with { Status = refusal.Status, Code = refusal.Code, Message = refusal.Message };
        }
        return budgets.FirstOrDefault(static budget => !budget.Fits && budget.Status.Action == AtLimit.Block) is { } full
            ? result with { Status = 429, Code = "budget_exceeded", Message = $"Budget \"{full.Status.Budget}\" has {full.Status.Remaining} USD left and this call may cost up to {amount} USD." }
            : result;
    }

    private static Simulation Refused(Refusal refusal, string? policy, in Target target, IReadOnlyList<SimulatedRule> rules) =>
        new(refusal.Status, refusal.Code, refusal.Message, policy) { Provider = target.Provider.Name, Model = target.Model, Rules = rules };

    private static SimulatedRule[] RulesFor(GatewaySetup setup, PolicyCall call) =>
        [.. setup.Policies.Matching(call).Select(rule => new SimulatedRule(rule.Name, rule.Effect, rule.IsShadow, [.. rule.Conditions()], rule.ResultFor(call)))];

    private PolicyCall CallOf(SimulatedCall call, Principal caller, in Target target, in RequestFacts facts) => new(
        caller, target.Provider.Name, target.Model, call.Dialect, call.Metadata,
        AuthorizeStep.FeaturesOf(call.Dialect, facts, isStored: false, isCapGiven: false), call.Time ?? services.Time.GetUtcNow(), call.Source);

    private static Target TargetOf(GatewaySetup setup, SimulatedCall call, string model, out RouteError? error)
    {
        if (call.Dialect != Dialect.Opaque)
        {
            return setup.Router.ResolveModel(new RouteResult { Surface = Surface.Unified, Dialect = call.Dialect, Query = "" }, model, out error);
        }
        var provider = setup.Router.Providers.GetValueOrDefault(model);
        error = provider is null ? new RouteError(404, "unknown_provider", $"no provider is called \"{model}\"") : null;
        return provider is null ? default : new Target(provider, "", "", Dialect.Opaque, ModelRewritten: false);
    }

    private Principal? CallerOf(SimulatedCall call)
    {
        var named = call.Caller;
        if (call.Key is null)
        {
            return named is { User: null, Email: null, Service: null, Groups.Count: 0, Claims.Count: 0 } ? Principal.Anonymous : named;
        }
        var now = services.Time.GetUtcNow();
        return keys.All.FirstOrDefault(key => (key.Name == call.Key || key.Id == call.Key) && key.Revoked is null && !(key.Expires <= now))?.ToPrincipal() is { } own
            ? own with
            {
                User = named.User ?? own.User,
                Email = named.Email ?? own.Email,
                Service = named.Service ?? own.Service,
                Groups = named.Groups.Count > 0 ? named.Groups : own.Groups,
                Claims = named.Claims,
            }
            : null;
    }
}
