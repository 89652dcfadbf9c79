namespace EdgeGw.Admin;

/// <summary>Whether the gateway can serve metered calls; when not, stable codes that say why (<c>journal_faulted</c>, <c>counters_faulted</c>, <c>disk_nearly_full</c>, <c>recovering</c>, <c>draining</c>).</summary>
public sealed record Readiness(bool Ready, IReadOnlyList<string> Reasons)
{
    /// <summary>Nothing is in the way.</summary>
    public static readonly Readiness Yes = new(true, []);
}
