using EdgeGw.Metering;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>How one call to a provider went.</summary>
internal readonly record struct Attempt
{
    /// <summary>Zero while the provider has not answered.</summary>
    public int Status { get; init; }

    public UpstreamError Error { get; init; }

    /// <summary>What happened in words, for the log and the caller; never holds a credential.</summary>
    public string? Detail { get; init; }

    /// <summary>Something may have reached the provider, so it may bill.</summary>
    public bool RequestSent { get; init; }

    public bool CallerGone { get; init; }

    /// <summary>The hard budget that had nothing left for the running answer, which was stopped there; null: it was not.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>The head has gone to the caller: no other answer can be given any more.</summary>
    public bool HeadSent { get; init; }

    public MeterReading Reading { get; init; }
}
