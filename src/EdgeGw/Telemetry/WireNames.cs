using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry;

/// <summary>The names of enumerated values in records, metrics and queries. They are part of the outside contract: snake_case, never renamed.</summary>
public static class WireNames
{
    public static string Of(Dialect dialect) => dialect switch
    {
        Dialect.Opaque => "opaque",
        Dialect.ChatCompletions => "chat_completions",
        Dialect.Completions => "completions",
        Dialect.Responses => "responses",
        Dialect.Embeddings => "embeddings",
        Dialect.Messages => "messages",
        Dialect.Gemini => "gemini",
        Dialect.Converse => "converse",
        Dialect.InvokeModel => "invoke_model",
        Dialect.CohereChat => "cohere_chat",
        Dialect.Rerank => "rerank",
        Dialect.Ollama => "ollama",
        Dialect.Interactions => "interactions",
        Dialect.Images => "images",
        Dialect.Transcriptions => "transcriptions",
        Dialect.Speech => "speech",
        Dialect.AnthropicComplete => "anthropic_complete",
        Dialect.Watsonx => "watsonx",
        Dialect.WorkersAi => "workers_ai",
        Dialect.Ocr => "ocr",
        _ => "unknown",
    };

    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Completed => "completed",
        Outcome.ClientAborted => "client_aborted",
        Outcome.UpstreamFailed => "upstream_failed",
        Outcome.Refused => "refused",
        Outcome.Failed => "failed",
        Outcome.BudgetStopped => "budget_stopped",
        _ => "unknown",
    };

    public static string Of(UsageSource source) => source switch
    {
        UsageSource.None => "none",
        UsageSource.Estimated => "estimated",
        UsageSource.Provider => "provider",
        _ => "unknown",
    };

    public static string Of(CostSource source) => source switch
    {
        CostSource.None => "none",
        CostSource.Catalogue => "catalogue",
        CostSource.Override => "override",
        CostSource.Provider => "provider",
        CostSource.Ceiling => "ceiling",
        CostSource.Caller => "caller",
        _ => "unknown",
    };

    public static string Of(AtLimit action) => action switch
    {
        AtLimit.Block => "block",
        AtLimit.Warn => "warn",
        AtLimit.Shadow => "shadow",
        AtLimit.Downgrade => "downgrade",
        _ => "unknown",
    };

    public static string Of(PolicyEffect effect) => effect switch
    {
        PolicyEffect.Allow => "allow",
        PolicyEffect.Deny => "deny",
        PolicyEffect.Require => "require",
        PolicyEffect.Route => "route",
        PolicyEffect.Limits => "limits",
        _ => "unknown",
    };

    public static string Of(LimitKind kind) => kind switch
    {
        LimitKind.Requests => "requests",
        LimitKind.Tokens => "tokens",
        LimitKind.Concurrent => "concurrent",
        _ => "unknown",
    };

    /// <summary>The action of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static AtLimit ParseAtLimit(string name)
    {
        foreach (var action in Enum.GetValues<AtLimit>())
        {
            if (name == Of(action))
            {
                return action;
            }
        }
        throw new FormatException($"unknown action {name}");
    }

    public static string Of(VelocityAction action) => action switch
    {
        VelocityAction.Alert => "alert",
        VelocityAction.Throttle => "throttle",
        _ => "unknown",
    };

    /// <summary>The outcome of that name, or null.</summary>
    public static Outcome? ParseOutcome(string name)
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            if (name == Of(outcome))
            {
                return outcome;
            }
        }
        return null;
    }
}
