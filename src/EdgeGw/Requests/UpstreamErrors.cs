using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>Stable codes and plain words for what can go wrong on the provider's side.</summary>
internal static class UpstreamErrors
{
    public static string CodeOf(UpstreamError error) => error switch
    {
        UpstreamError.Resolve => "upstream_unresolved",
        UpstreamError.Connect => "upstream_unreachable",
        UpstreamError.ConnectTimeout => "upstream_connect_timeout",
        UpstreamError.FirstByteTimeout => "upstream_first_byte_timeout",
        UpstreamError.IdleTimeout => "upstream_idle_timeout",
        UpstreamError.TotalTimeout => "upstream_total_timeout",
        UpstreamError.Reset => "upstream_reset",
        UpstreamError.Protocol => "upstream_protocol_error",
        UpstreamError.HeadTooLarge => "upstream_head_too_large",
        UpstreamError.Cancelled => "client_closed_request",
        _ => "upstream_failed",
    };

    /// <summary>The provider may still be at work.</summary>
    public static bool IsTimeout(UpstreamError error) =>
        error is UpstreamError.FirstByteTimeout or UpstreamError.IdleTimeout or UpstreamError.TotalTimeout;

    public static string Describe(UpstreamError error) => error switch
    {
        UpstreamError.Resolve => "its name does not resolve to an address that may be called",
        UpstreamError.Connect => "no connection could be made",
        UpstreamError.ConnectTimeout => "no connection could be made in time",
        UpstreamError.FirstByteTimeout => "it did not begin to answer in time",
        UpstreamError.IdleTimeout => "it fell silent in the middle of its answer",
        UpstreamError.TotalTimeout => "its answer took longer than allowed",
        UpstreamError.Protocol => "what it sent is not HTTP",
        UpstreamError.HeadTooLarge => "the headers of its answer are too large",
        UpstreamError.Cancelled => "the caller left",
        _ => "it closed the connection before its answer was complete",
    };
}
