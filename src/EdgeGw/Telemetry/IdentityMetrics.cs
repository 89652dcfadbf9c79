using EdgeGw.Identity.Tokens;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>Tokens and the keys of their issuers. The label <c>issuer</c> is one of the configuration, or <c>none</c>.</summary>
public sealed class IdentityMetrics
{
    private readonly CounterFamily _tokens;
    private readonly CounterFamily _fetches;
    private readonly GaugeFamily _fetched;

    internal IdentityMetrics(MetricRegistry registry)
    {
        _tokens = registry.Counter(new("edgegw_identity_tokens_total", "Tokens that callers sent: known (verified before), verified, or why not.", "issuer", "result"));
        _fetches = registry.Counter(new("edgegw_issuer_key_fetches_total", "Fetches of an issuer's keys: ok, unreachable, or invalid (an answer that cannot be used).", "issuer", "result"));
        _fetched = registry.Gauge(new("edgegw_issuer_keys_timestamp_seconds", "When an issuer's keys were last fetched; they count for 24 hours.", "issuer") { Scale = 3 });
    }

    /// <summary>A token of no configured issuer.</summary>
    internal void Nobodys(TokenFault fault) => _tokens.With("none", TokenFaults.NameOf(fault)).Increment();

    internal IssuerMetrics Of(string issuer) => new(issuer, _tokens, _fetches, _fetched);
}

/// <summary>Of one issuer.</summary>
internal sealed class IssuerMetrics(string issuer, CounterFamily tokens, CounterFamily fetches, GaugeFamily fetched)
{
    private bool _failed;

    public Counter Known { get; } = tokens.With(issuer, "known");

    public void Count(TokenFault fault) => tokens.With(issuer, fault == TokenFault.None ? "verified" : TokenFaults.NameOf(fault)).Increment();

    /// <summary>One fetch at a time.</summary>
    /// <param name="failure">Null: it brought keys.</param>
    /// <returns>The keys are back after a failure.</returns>
    public bool Fetched(string? failure, DateTimeOffset now)
    {
        fetches.With(issuer, failure ?? "ok").Increment();
        if (failure is null)
        {
            fetched.With(issuer).Set(now.ToUnixTimeMilliseconds());
        }
        var isBack = failure is null && _failed;
        _failed = failure is not null;
        return isBack;
    }
}
