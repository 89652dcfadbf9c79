using EdgeGw.Metering;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>How one call to a provider went.</summary>
internal record struct Attempt
{
    /// <summary>Zero while the provider has not answered.</summary>
    public int Status { get; set; }

    public UpstreamError Error { get; set; }

    /// <summary>What happened in words, for the log and the caller; never holds a credential.</summary>
    public string? Detail { get; set; }

    /// <summary>Something may have reached the provider, so it may bill.</summary>
    public bool RequestSent { get; set; }

    public bool CallerGone { get; set; }

    /// <summary>The hard budget that had nothing left for the running answer, which was stopped there; null: it was not.</summary>
    public string? StoppedBy { get; set; }

    /// <summary>The head has gone to the caller: no other answer can be given any more.</summary>
    public bool HeadSent { get; set; }

    /// <summary>A field, because it is large and a property's value is a copy.</summary>
    public MeterReading Reading;
}
