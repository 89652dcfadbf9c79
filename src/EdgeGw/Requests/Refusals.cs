using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Policy;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;
using EdgeGw.Velocity;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>The gateway's own answers, in one place so that codes stay stable. Codes are listed in the README.</summary>
internal static class Refusals
{
    public static Refusal NoRoute(RouteError error) => new(error.Status, error.Code, error.Message);

    public static Refusal Unidentified(CallerFault fault) => fault.Kind switch
    {
        CallerFaultKind.Token => new(401, "invalid_token", fault.Message),
        CallerFaultKind.Groups => new(403, "groups_unknown", fault.Message),
        CallerFaultKind.Unavailable => new(503, "identity_unavailable", fault.Message) { RetryAfterSeconds = 10 },
        _ => new(401, "invalid_api_key", fault.Message),
    };

    public static Refusal BodyTooLarge(long limit) =>
        new(413, "body_too_large", $"The request body is larger than {limit} bytes, the limit of this gateway (requests.max_body).");

    public static Refusal Unreadable(InspectionError error) => new(400, error.Kind switch
    {
        InspectionErrorKind.MissingModel => "model_missing",
        InspectionErrorKind.InvalidJson or InspectionErrorKind.NotAnObject => "invalid_json",
        _ => "invalid_request",
    }, error.Message);

    public static Refusal BadFallbacks() => new(400, "invalid_request", string.Create(CultureInfo.InvariantCulture,
        $"\"models\" must be a list of at most {FallbackModels.Most} names of printable ASCII: each is checked as \"model\" is."));

    /// <summary>The provider could answer with another model than the one asked for, and there <paramref name="refusal"/> holds.</summary>
    public static Refusal OfFallback(Refusal refusal, string model) =>
        refusal with { Message = $"{refusal.Message} This is about \"{model}\", which the body lists in \"models\"." };

    public static Refusal BadForm() => new(400, "invalid_request", "The form does not begin with the boundary that its Content-Type names.");

    public static Refusal BadHeader(string name) => new(400, "invalid_header", $"The value of header {name} cannot be sent to a provider.");

    public static Refusal BadMetadata(string message) => new(400, "invalid_metadata", message);

    public static Refusal BadCustomCost(string message) => new(400, "invalid_custom_cost", message);

    public static Refusal CustomCostDenied() => new(403, "custom_cost_denied",
        "You may not state the price of a call: the operator decides in pricing.custom_cost who may. Leave the custom cost header out.");

    public const string PolicyDeniedCode = "policy_denied";
    public const string PolicyRequirementCode = "policy_requirement";

    public const string KeyLimitedCode = "model_not_allowed";

    public static Refusal ByPolicy(in PolicyDecision decision, string provider, string? model)
    {
        if (decision.Result == PolicyResult.NotForKey)
        {
            return new(403, KeyLimitedCode, string.IsNullOrEmpty(model)
                ? $"Your key is limited to certain models, and on this path of {provider} the model is not known. GET /v1/models lists the models that you may use."
                : $"Your key is not for {provider}/{model}. GET /v1/models lists the models that you may use.");
        }
        var rule = decision.Rule!;
        return decision.Result switch
        {
            PolicyResult.Denied => new(403, PolicyDeniedCode, rule.Reason is { } reason
                ? $"{reason} (policy \"{rule.Name}\")"
                : $"Policy \"{rule.Name}\" denies this call."),
            PolicyResult.LabelMissing => new(403, PolicyRequirementCode,
                $"Policy \"{rule.Name}\" requires the label \"{decision.Label}\": send it in the header {CallerMetadata.Header}, a JSON object of strings."),
            PolicyResult.OutputTooLong => new(403, PolicyRequirementCode, string.Create(CultureInfo.InvariantCulture,
                $"Policy \"{rule.Name}\" allows at most {rule.Requirement.MaxOutput} output tokens: set the output token limit of this call to that or less.")),
            _ => new(403, PolicyDeniedCode, string.IsNullOrEmpty(model)
                ? $"Policy \"{rule.Name}\" does not let you use this path of {provider}. GET /v1/models lists the models that you may use."
                : $"Policy \"{rule.Name}\" does not let you use {provider}/{model}. GET /v1/models lists the models that you may use."),
        };
    }

    public static Refusal CannotCap(PolicyRule rule) => new(403, PolicyRequirementCode, string.Create(CultureInfo.InvariantCulture,
        $"Policy \"{rule.Name}\" requires an output token limit of at most {rule.Requirement.MaxOutput}, and the gateway cannot set one here: set it yourself, or use a path whose body it understands."));

    public static Refusal CannotRoute(PolicyRule rule) => new(403, PolicyDeniedCode,
        $"Policy \"{rule.Name}\" sends this call to {rule.Route}, which cannot take it: there is no such model for this path, or no key for its provider. Name that model yourself on a path that it is served on.");

    public static Refusal CannotFallBack(PolicyRule rule) => new(403, PolicyDeniedCode,
        $"Policy \"{rule.Name}\" sends such calls to {rule.Route}, which a provider's own fallback does not.");

    public static Refusal Unpriced(string? model) => new(403, "model_unpriced",
        $"No price is known for {(string.IsNullOrEmpty(model) ? "this call" : model)}, so it cannot be held against your budget. Ask the operator to add it to pricing.overrides or to set pricing.unpriced to \"ceiling\".");

    public static Refusal OverBudget(BudgetRefusal refusal, Pricing.NanoUsd needed, DateTimeOffset now) => new(429, "budget_exceeded", string.Create(
        CultureInfo.InvariantCulture,
        $"Budget \"{refusal.Budget}\" has {refusal.Remaining} of {refusal.Limit} USD left and this call may cost up to {needed} USD. It resets at {AnswerHeaders.Rfc3339(refusal.Reset)}."))
    {
        RetryAfterSeconds = Math.Max(1, (long)Math.Ceiling((refusal.Reset - now).TotalSeconds)),
        Reset = refusal.Reset,
        Budget = refusal.Budget,
    };

    public const string BudgetExhaustedCode = "budget_exhausted";

    /// <summary>For the end of a stream that is already running.</summary>
    public static Refusal BudgetExhausted(string budget) => new(429, BudgetExhaustedCode,
        $"Budget \"{budget}\" has nothing left for the rest of this answer, so it ends here. What was generated is charged.")
    { Budget = budget };

    public static Refusal RateLimited(LimitRefusal refusal)
    {
        var limit = refusal.Limit;
        var kind = WireNames.Of(limit.Kind);
        if (refusal.NeverFits)
        {
            return new(400, "larger_than_limit", string.Create(CultureInfo.InvariantCulture,
                $"This call may use {refusal.Needed} {kind} and limit \"{limit.Name}\" lets at most {refusal.Capacity} pass at once, so it can never fit. Shorten it, or lower its output token limit."));
        }
        var seconds = Math.Max(1, (long)Math.Ceiling(refusal.Wait.TotalSeconds));
        return new(429, "rate_limited", limit.Kind == LimitKind.Concurrent
            ? string.Create(CultureInfo.InvariantCulture, $"Limit \"{limit.Name}\" lets {limit.Amount} calls run at the same time and as many do. Retry when one has ended.")
            : string.Create(CultureInfo.InvariantCulture,
                $"Limit \"{limit.Name}\" allows {limit.Amount} {kind} in {DurationText.Format(limit.Window)}; {refusal.Remaining} are left and this call needs {refusal.Needed}. Retry in {seconds} s."))
        {
            RetryAfterSeconds = seconds,
            LimitKind = kind,
        };
    }

    public static Refusal SpendVelocity(SpendVelocity velocity, TimeSpan wait)
    {
        var seconds = (long)Math.Ceiling(wait.TotalSeconds);
        return new(429, "spend_velocity", $"You spend {velocity.Describe()}. Retry in {seconds} s, or ask the operator.")
        {
            RetryAfterSeconds = seconds,
            LimitKind = "spend",
        };
    }

    public static Refusal HoldTooLarge() => new(400, "output_cap_too_large", "The most this call could cost is beyond any budget. Lower its output token limit.");

    public static Refusal OutOfMoneyService() => new(503, "journal_unavailable",
        "This node cannot record spending now, so it takes no metered calls. The operator sees the cause in the log and in /readyz.")
    { RetryAfterSeconds = 10 };

    public static Refusal DiskNearlyFull() => new(503, "disk_nearly_full",
        "This node's disk is nearly full, so it takes no new metered calls.")
    { RetryAfterSeconds = 30 };

    public static Refusal Internal() => new(503, "internal_error", "The gateway failed to handle this request. It was logged under its request id.");

    /// <summary>What an exception means to the caller: its own doing, the disk's, or ours.</summary>
    public static Refusal Of(Exception fault, bool callerGone) => fault switch
    {
        BadHttpRequestException bad => new(bad.StatusCode, bad.StatusCode == 413 ? "body_too_large" : "bad_request", bad.Message),
        StorageException => OutOfMoneyService(),
        OperationCanceledException or IOException when callerGone => new(499, "client_closed_request", "The caller left before its request was complete."),
        _ => Internal(),
    };

    public static Refusal NoKeyForProvider(string provider) => new(503, "provider_key_missing", $"No API key is configured for provider {provider}.");

    public static Refusal NoCredentials(string provider) => new(503, "provider_credentials_missing",
        $"No valid AWS credentials are at hand for provider {provider}. The operator sees the cause in the log.")
    { RetryAfterSeconds = 5 };

    public static Refusal Upstream(string provider, UpstreamError error) => new(
        error switch
        {
            UpstreamError.ConnectTimeout or UpstreamError.FirstByteTimeout or UpstreamError.IdleTimeout or UpstreamError.TotalTimeout => 504,
            _ => 502,
        },
        UpstreamErrors.CodeOf(error), $"Provider {provider} gave no answer: {UpstreamErrors.Describe(error)}.");
}
