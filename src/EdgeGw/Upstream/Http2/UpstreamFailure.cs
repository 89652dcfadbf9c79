namespace EdgeGw.Upstream.Http2;

/// <summary>Carries a connect failure through the platform's handler, which knows exceptions only.</summary>
internal sealed class UpstreamConnectException(UpstreamError error, string? detail) : IOException(detail)
{
    public UpstreamError Error { get; } = error;
}

/// <summary>What the handler's exceptions mean.</summary>
internal static class UpstreamFailure
{
    /// <returns>The error, whether the request may have reached the provider, and a text for the operator.</returns>
    public static (UpstreamError Error, bool Sent, string? Detail) Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case UpstreamConnectException c:
                    return (c.Error, false, c.Message);
                case TimeoutException:
                    return (UpstreamError.ConnectTimeout, false, e.Message);
                case HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } r when Of(r.HttpRequestError) is { } known:
                    // An outer "connection error" may wrap our own, more exact reason.
                    return FindConnect(r) is { } c2 ? (c2.Error, false, c2.Message) : (known.Error, known.Sent, r.Message);
                case HttpIOException io when Of(io.HttpRequestError) is { } known:
                    return (known.Error, known.Sent, io.Message);
            }
        }
        return exception is OperationCanceledException ? (UpstreamError.Cancelled, true, null) : (UpstreamError.Reset, true, exception.Message);
    }

    private static UpstreamConnectException? FindConnect(Exception? e)
    {
        while (e is not null and not UpstreamConnectException)
        {
            e = e.InnerException;
        }
        return (UpstreamConnectException?)e;
    }

    private static (UpstreamError Error, bool Sent)? Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => (UpstreamError.Resolve, false),
        HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            or HttpRequestError.VersionNegotiationError => (UpstreamError.Connect, false),
        HttpRequestError.InvalidResponse => (UpstreamError.Protocol, true),
        HttpRequestError.ConfigurationLimitExceeded => (UpstreamError.HeadTooLarge, true),
        HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError => (UpstreamError.Reset, true),
        _ => null,
    };
}
