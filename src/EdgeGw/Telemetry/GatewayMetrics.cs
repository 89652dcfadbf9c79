using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>Every metric of the gateway. <see cref="Observe"/> derives all it can from a finished record; the handles are for what no record says.</summary>
/// <remarks>
/// Names follow the OpenTelemetry GenAI conventions where they have one, <c>edgegw_</c> elsewhere. Labels that callers control (models)
/// are bounded by <see cref="MaxModels"/>; whatever is beyond is reported as <c>other</c> and counted in <c>edgegw_metrics_overflow_total</c>.
/// </remarks>
public sealed class GatewayMetrics
{
    /// <summary>Pairs of provider and model with series of their own.</summary>
    public const int MaxModels = 200;

    /// <summary>Beyond a thousand policies, or after many were renamed, the others are counted together.</summary>
    private const int MaxPolicySeries = 1024 * Policy.PolicyResults.MostPerRule;

    /// <summary>What stands for a provider or model that is not known, because the request was refused before that.</summary>
    private const string None = "none";

    private readonly BoundedMap<ModelKey, ModelSeries> _models;
    private readonly BoundedMap<GenAiKey, GenAiSeries> _genAi;
    private readonly Counter _clientAborts;
    private readonly Counter _presumed;
    private readonly Counter _holdOverrun;
    private readonly Histogram _overhead;
    private readonly CounterFamily _upstreamErrors;
    private readonly HistogramFamily _estimateError;

    /// <param name="version">Shown in <c>edgegw_build_info</c>; null: the assembly's.</param>
    public GatewayMetrics(string? version = null)
    {
        Registry = new MetricRegistry();
        // Twice: the models, and what is shared by provider.
        var models = new ModelFamilies(Registry, (2 * MaxModels) + 1);
        _models = new(MaxModels, static key => new(key.Provider, LabelValues.Other), new(LabelValues.Other, LabelValues.Other),
            key => new ModelSeries(models, key.Provider, key.Model), Registry.Overflow(new("edgegw_models", "")));
        var genAi = new GenAiFamilies(Registry, (2 * MaxModels) + 1);
        _genAi = new(MaxModels, static key => key with { Requested = LabelValues.Other, Answered = LabelValues.Other },
            new(LabelValues.Other, LabelValues.Other, LabelValues.Other, LabelValues.Other), key => new GenAiSeries(genAi, key), Registry.Overflow(new("gen_ai_models", "")));

        _overhead = Registry.Histogram(
            new("edgegw_overhead_seconds", "Time spent in the gateway itself per request.") { Scale = 6 },
            5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000).Single;
        ActiveRequests = Registry.Gauge(new("edgegw_active_requests", "Requests being worked on.")).Single;
        _clientAborts = Registry.Counter(new("edgegw_client_aborts_total", "Callers who left before the end of their answer.")).Single;
        _upstreamErrors = Registry.Counter(new(
            "edgegw_upstream_errors_total", "Providers' failures: transport faults by code, answers of 429 and 5xx by status.", "provider", "error"));
        BudgetRefusals = Registry.Counter(new("edgegw_budget_refusals_total", "Requests refused because a budget was used up.", "budget"));
        BudgetsPassed = Registry.Counter(new(
            "edgegw_budget_passed_total", "Calls let through although a budget was used up, by what the budget does at its limit.", "budget", "action"));
        StreamsStopped = Registry.Counter(new("edgegw_streams_stopped_total", "Running streams that were ended because a hard budget had nothing left for them.", "budget"));
        LimitRefusals = Registry.Counter(new("edgegw_limit_refusals_total", "Requests refused by a rate limit.", "limit"));
        LimitsPassed = Registry.Counter(new("edgegw_limit_passed_total", "Calls that a rate limit in shadow would have refused.", "limit"));
        PolicyDecisions = Registry.Counter(new(
            "edgegw_policy_decisions_total", "Calls on which a policy decided, and those on which one in shadow would have.", "policy", "effect", "result")
        { MaxSeries = MaxPolicySeries });
        _holdOverrun = Registry.Counter(new("edgegw_hold_overrun_usd_total", "By how much costs exceeded their holds.") { Scale = 9 }).Single;
        _presumed = Registry.Counter(new("edgegw_presumed_total", "Holds settled at full value: after a crash, or because the usage comes with a later request.")).Single;
        _estimateError = Registry.Histogram(
            new("edgegw_estimate_error_ratio", "How far off an estimate of the output would have been, by answers whose usage was reported.", "dialect") { Scale = 3 },
            10, 20, 50, 100, 200, 350, 500, 750, 1_000, 2_000, 5_000);
        JournalWait = Registry.Histogram(
            new("edgegw_journal_wait_seconds", "How long answers that were ready waited for their hold's commit (durability overlapped).") { Scale = 6 },
            1, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000).Single;
        CheckpointsFailed = Registry.Counter(new("edgegw_checkpoints_failed_total", "Checkpoints that could not be written; the one before stays in force.")).Single;
        var dropped = Registry.Counter(new(
            "edgegw_request_log_dropped_total", "Lines missing from the request log; the journal has the records.", "reason"));
        RequestLogQueueFull = dropped.With("queue_full");
        RequestLogWriteFailed = dropped.With("write_failed");
        AdminDenied = Registry.Counter(new("edgegw_admin_denied_total", "Admin requests turned away.", "reason"));
        var auditLost = Registry.Counter(new("edgegw_audit_lost_total", "Entries missing from the audit log; the log itself says how many, once it can be written.", "reason"));
        AuditTooMany = auditLost.With("too_many");
        AuditWriteFailed = auditLost.With("write_failed");
        Config = new ConfigMetrics(Registry);
        Alerts = new AlertMetrics(Registry);
        Identity = new IdentityMetrics(Registry);
        Registry.Add(new GaugeSources(this));
        Registry.Add(new BudgetMetrics(this));
        ProcessMetrics.Register(Registry, version);
    }

    public MetricRegistry Registry { get; }

    public Gauge ActiveRequests { get; }

    /// <summary>By budget name.</summary>
    public CounterFamily BudgetRefusals { get; }

    /// <summary>By budget name and action.</summary>
    public CounterFamily BudgetsPassed { get; }

    /// <summary>By budget name.</summary>
    public CounterFamily StreamsStopped { get; }

    /// <summary>By the limit's name.</summary>
    public CounterFamily LimitRefusals { get; }

    /// <summary>By the limit's name.</summary>
    public CounterFamily LimitsPassed { get; }

    /// <summary>By policy, effect and result.</summary>
    public CounterFamily PolicyDecisions { get; }

    /// <summary>Microseconds.</summary>
    public Histogram JournalWait { get; }

    public Counter CheckpointsFailed { get; }

    public Counter RequestLogQueueFull { get; }
    public Counter RequestLogWriteFailed { get; }

    /// <summary>By reason.</summary>
    public CounterFamily AdminDenied { get; }

    /// <summary>Refusals of more kinds in one second than are written.</summary>
    public Counter AuditTooMany { get; }

    public Counter AuditWriteFailed { get; }

    public ConfigMetrics Config { get; }

    public AlertMetrics Alerts { get; }

    public IdentityMetrics Identity { get; }

    /// <summary>Asked at each scrape; null: the gauge is not shown.</summary>
    public Func<long>? OpenHolds { get; set; }

    /// <summary>The value of all open holds. Asked at each scrape; null: the gauge is not shown.</summary>
    public Func<NanoUsd>? OpenHoldsValue { get; set; }

    /// <summary>Background answers whose usage is still to come. Asked at each scrape; null: the gauge is not shown.</summary>
    public Func<long>? DeferredAnswers { get; set; }

    /// <summary>Background answers forgotten while they waited. Asked at each scrape; null: the counter is not shown.</summary>
    public Func<long>? ForgottenAnswers { get; set; }

    /// <summary>Records appended and not yet durable. Asked at each scrape; null: the gauge is not shown.</summary>
    public Func<long>? JournalDurableLag { get; set; }

    /// <summary>1 when the journal takes records. Asked at each scrape; null: the gauge is not shown.</summary>
    public Func<bool>? JournalHealthy { get; set; }

    /// <summary>Asked at each scrape; of many slots those that spent most are shown, the rest as one. Null: no budget gauges.</summary>
    public Func<IReadOnlyList<BudgetStatus>>? Budgets { get; set; }

    /// <summary>Everything a finished attempt says: requests, usage, cost, times, aborts, upstream errors, overruns. Allocates nothing once its series exist.</summary>
    public void Observe(UsageRecord record)
    {
        var provider = record.Provider ?? None;
        var answered = record.Model ?? record.ModelRequested ?? None;
        var proven = record.Status is >= 200 and < 400 && record.Outcome is Outcome.Completed or Outcome.ClientAborted or Outcome.BudgetStopped;
        var series = _models.Get(new(provider, answered), provider.Length + RecentPlace.Of(answered), proven && answered.Length <= LabelText.MaxLength);
        series.Requests(record.Status, record.Outcome).Increment();
        series.AddUsage(record.Usage);
        series.Cost.Add(Math.Max(0, record.Cost.Value));
        if (record.Cost < NanoUsd.Zero)
        {
            series.CostReturned.Add(-record.Cost.Value);
        }
        if (IsUnpriced(record))
        {
            series.Unpriced.Increment();
        }
        if (record.UsageSource == UsageSource.Estimated)
        {
            series.Estimated.Increment();
        }
        _holdOverrun.Add(Math.Max(0, record.Overrun.Value));
        if (record.Presumed)
        {
            // Found by recovery: nothing was timed, and how it ended nobody knows.
            _presumed.Increment();
            return;
        }
        _overhead.Observe(record.OverheadMicroseconds);
        if (record.Outcome == Outcome.ClientAborted)
        {
            _clientAborts.Increment();
        }
        if (UpstreamError(record) is { } error)
        {
            _upstreamErrors.With(provider, error).Increment();
        }
        if (record.Outcome != Outcome.Refused && record.Provider is not null)
        {
            var requested = record.ModelRequested ?? None;
            _genAi.Get(new(Operation((record.Corrects ?? record).Dialect), provider, requested, answered), provider.Length + (7 * RecentPlace.Of(requested)) + RecentPlace.Of(answered),
                proven && answered.Length <= LabelText.MaxLength && requested.Length <= LabelText.MaxLength).Observe(record);
        }
    }

    /// <summary>Compares an estimate with the truth that came.</summary>
    /// <param name="ratio">The relative error, at least 0.</param>
    public void ObserveEstimate(Dialect dialect, double ratio) => _estimateError.With(WireNames.Of(dialect)).Observe((long)Math.Min(ratio * 1000, int.MaxValue));

    public void Write(IBufferWriter<byte> output, ExpositionFormat format) => Registry.Write(output, format);

    private static bool IsUnpriced(UsageRecord record) => record.CostSource switch
    {
        CostSource.Ceiling => true,
        CostSource.None => record.Outcome != Outcome.Refused && record.Status is >= 200 and < 300
            && (!record.Usage.IsEmpty || record.ModelRequested is { Length: > 0 }),
        _ => false,
    };

    private static string? UpstreamError(UsageRecord record) => record switch
    {
        { Outcome: Outcome.UpstreamFailed } => record.Error ?? "unknown",
        { Provider: not null, Outcome: Outcome.Completed, Status: 429 or >= 500 } => StatusText.Of(record.Status),
        _ => null,
    };

    /// <summary>The convention's <c>gen_ai.operation.name</c>.</summary>
    private static string Operation(Dialect dialect) => dialect switch
    {
        Dialect.ChatCompletions or Dialect.Responses or Dialect.Messages or Dialect.Converse or Dialect.CohereChat
            or Dialect.Ollama or Dialect.Interactions => "chat",
        Dialect.Completions or Dialect.AnthropicComplete or Dialect.Watsonx or Dialect.InvokeModel or Dialect.WorkersAi => "text_completion",
        Dialect.Embeddings => "embeddings",
        Dialect.Gemini => "generate_content",
        // The convention has no name for these: ours are the dialects'.
        _ => WireNames.Of(dialect),
    };

    private readonly record struct ModelKey(string Provider, string Model);
}
