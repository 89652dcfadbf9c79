using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;
using EdgeGw.Velocity;

namespace EdgeGw.Alerts;

/// <summary>A scope began to spend much faster than is usual for it.</summary>
/// <param name="time">When the episode began.</param>
public sealed class VelocityExceeded(SpendVelocity velocity, DateTimeOffset time)
    : AlertEvent(AlertKind.Velocity, IdOf(TypeName, velocity.Scope, Text(time)), TypeName, time)
{
    private const string TypeName = "velocity.exceeded";

    internal override void Report(GatewayLog log, AlertMetrics metrics)
    {
        metrics.VelocityExceeded.With(WireNames.Of(velocity.Action)).Increment();
        log.VelocityExceeded(velocity);
    }

    protected override void Write(Utf8JsonWriter json) => velocity.WriteFields(json);
}
