using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Velocity;

namespace EdgeGw.Telemetry;

/// <summary>What one attempt was, used and cost. Written to the journal with the settlement, to the log as a JSON line, and into the rollups.</summary>
/// <remarks>
/// What can be set later is set before anybody else sees the record: by the settlement, which fills in the draft that was written with the hold. Only
/// the times and the velocity go on after it, until the record is published. A copy of the whole record costs each call more memory than all else.
/// </remarks>
public sealed record UsageRecord
{
    /// <summary>UUIDv7, also sent to the caller as <c>x-edgegw-request-id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    public required Principal Principal { get; init; }

    /// <summary>The caller's own labels, from the metadata header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    public Dialect Dialect { get; init; }
    public string? Provider { get; init; }
    public string? ModelRequested { get; init; }

    /// <summary>The model that answered, by the provider's own word; the requested one when it did not say.</summary>
    public string? Model { get; internal set; }

    public string? Route { get; init; }
    public int Attempt { get; init; } = 1;
    public bool Stream { get; init; }

    /// <summary>HTTP status sent to the caller.</summary>
    public int Status { get; internal set; }

    public Outcome Outcome { get; internal set; }

    /// <summary>A stable code for what went wrong (<c>budget_exceeded</c>, <c>upstream_reset</c>, ...); null when nothing did.</summary>
    public string? Error { get; internal set; }

    public Usage Usage { get; internal set; }
    public UsageSource UsageSource { get; internal set; }
    public NanoUsd Cost { get; internal set; }
    public CostSource CostSource { get; internal set; }
    public NanoUsd Hold { get; internal set; }

    /// <summary>By how much the cost exceeded the hold.</summary>
    public NanoUsd Overrun { get; internal set; }

    /// <summary>Settled at the hold's full value, by recovery after a crash or because the usage comes with a later request: an upper bound, not a measurement.</summary>
    public bool Presumed { get; init; }

    /// <summary>
    /// The presumed record whose charge this one's cost corrects, up or down, to what was really used: this request read that background answer's
    /// end. Null: nothing is corrected. The cost, the usage and the sum of both are that record's principal's, not this one's.
    /// </summary>
    public UsageRecord? Corrects { get; init; }

    /// <summary>Why its caller was said to spend too fast when the call was made, refused or settled; null: it was not. In logs only, not in the journal.</summary>
    public SpendVelocity? Velocity { get; internal set; }

    /// <summary>The policy that decided on the call; null: none was for it. In logs only, not in the journal.</summary>
    public string? Policy { get; internal set; }

    /// <summary>The policies in shadow that would have had a say in the call; null: none. In logs only.</summary>
    public IReadOnlyList<string>? ShadowPolicies { get; internal set; }

    /// <summary>For judging the call by another configuration, in the journal only; null: an older build wrote the record.</summary>
    public RecordedRequest? Request { get; internal set; }

    /// <summary>Time spent in the gateway itself, microseconds.</summary>
    public long OverheadMicroseconds { get; internal set; }

    /// <summary>Milliseconds from arrival to the first byte of the answer's body; null when there was none.</summary>
    public double? FirstByteMilliseconds { get; internal set; }

    public double TotalMilliseconds { get; internal set; }
}
