namespace EdgeGw.Upstream;

/// <summary>Why a provider gave no answer, or not a whole one.</summary>
public enum UpstreamError : byte
{
    None,
    /// <summary>The name does not resolve, or the address is refused by policy.</summary>
    Resolve,
    /// <summary>No connection, or TLS failed: nothing was sent.</summary>
    Connect,
    ConnectTimeout,
    /// <summary>No response head in time; the request may be running.</summary>
    FirstByteTimeout,
    /// <summary>Silence between two pieces of an answer.</summary>
    IdleTimeout,
    TotalTimeout,
    /// <summary>The connection ended or was reset before the answer did.</summary>
    Reset,
    /// <summary>Bytes that are no HTTP, or break their own framing.</summary>
    Protocol,
    /// <summary>A head larger than we accept.</summary>
    HeadTooLarge,
    /// <summary>Our side gave up: the token was cancelled.</summary>
    Cancelled,
}
