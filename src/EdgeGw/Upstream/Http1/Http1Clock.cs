using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Http1;

/// <summary>The configured waits in the clock's own ticks, so that a deadline is one addition.</summary>
internal sealed class Http1Clock(TimeoutConfig timeouts, TimeProvider provider)
{
    /// <summary>What it was made of.</summary>
    public TimeoutConfig Timeouts => timeouts;

    public long Now => provider.GetTimestamp();

    public long FirstByte { get; } = Http1Pool.Ticks(provider, timeouts.FirstByte);

    public long Idle { get; } = Http1Pool.Ticks(provider, timeouts.Idle);

    public long Total { get; } = Http1Pool.Ticks(provider, timeouts.Total);

    /// <summary>
    /// How soon after sending a reused connection must fail for it to count as closed by the provider before our request arrived.
    /// Later than a network round trip can take, the request was more likely being worked on, and sending it again might be billed twice.
    /// </summary>
    public long StaleWindow { get; } = Http1Pool.Ticks(provider, TimeSpan.FromSeconds(2));
}
