using System.Collections.Frozen;

namespace EdgeGw.Routing;

/// <summary>What a header's name alone says about where it may go. <see cref="HeaderRules"/> says why.</summary>
[Flags]
internal enum HeaderClass : byte
{
    None = 0,

    /// <summary>Never to a provider.</summary>
    NotUpstream = 1,

    /// <summary>Carries a credential; to a provider only where callers' own are passed on.</summary>
    Credential = 2,

    /// <summary>Chooses who pays among the accounts of one credential: ours to decide when the credential is ours.</summary>
    AccountSelector = 4,

    /// <summary>Has <c>_</c> in its name and is judged, towards a provider, like the one with <c>-</c>.</summary>
    Underscored = 8,

    /// <summary>Never to a caller.</summary>
    NotToCaller = 16,

    /// <summary>Holds only for the body's bytes as they came.</summary>
    OfBytes = 32,
}

/// <summary>The classes of header names. Names are mostly those of the last request, so what was found out about them is remembered, of a bounded number.</summary>
internal static class HeaderClasses
{
    private const int MaxNameLength = 128;

    /// <summary>A power of two.</summary>
    private const int Remembered = 512;

    private static readonly FrozenSet<string> HopByHop = Set(
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private static readonly FrozenSet<string> Credentials = Set(
        "Authorization", "x-api-key", "x-goog-api-key", "api-key", "Ocp-Apim-Subscription-Key");

    private static readonly FrozenSet<string> AccountSelectors = Set(
        "OpenAI-Organization", "OpenAI-Project", "x-goog-user-project");

    private static readonly FrozenSet<string> NotUpstream = Set(
        "Host", "Content-Length", "Expect", "Accept-Encoding", "Cookie", "Cookie2", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "X-Client-IP",
        "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "Origin", "Referer", "traceparent", "tracestate", "baggage", "b3");

    private static readonly string[] NotUpstreamPrefixes =
    [
        "x-edgegw-", "cf-", "proxy-", "x-forwarded-", "sec-", "x-b3-", "x-envoy-", "x-amzn-", "x-amz-",
        // By which proxies in front of us say who calls.
        "x-auth-request-", "x-goog-iap-", "x-goog-authenticated-", "x-ms-client-principal", "x-ms-token-", "x-remote-", "remote-",
    ];

    /// <summary>Parameters of an <c>InvokeModel</c> call: guardrail, trace, latency, service tier.</summary>
    private const string BedrockPrefix = "x-amzn-bedrock-";

    private static readonly FrozenSet<string> NotToCaller = Set(
        "Content-Length", "Set-Cookie", "Set-Cookie2", "Alt-Svc", "Server", "Strict-Transport-Security", "Public-Key-Pins", "NEL", "Report-To",
        "Reporting-Endpoints", "Expect-CT", "Clear-Site-Data");

    private static readonly FrozenSet<string> OfBytes = Set("Content-MD5", "Digest", "ETag", "Accept-Ranges");

    private static readonly string[] NotToCallerPrefixes = ["x-edgegw-", "cf-aig-", "proxy-", "access-control-", "x-accel-", "x-sendfile"];

    /// <summary>One name for each place, the latest; whoever sends many names only makes them be looked up each time.</summary>
    private static readonly Entry?[] Entries = new Entry?[Remembered];

    public static HeaderClass Of(string name)
    {
        if (name.Length is 0 or > MaxNameLength)
        {
            return Find(name);
        }
        ref var entry = ref Entries[(name.Length * 31 + name[0] + name[name.Length / 2] * 7 + name[^1] * 13) & (Remembered - 1)];
        if (entry is { } known && known.Name == name)
        {
            return known.Class;
        }
        var found = Find(name);
        entry = new Entry(name, found);
        return found;
    }

    /// <summary>Works it out.</summary>
    internal static HeaderClass Find(string name) =>
        TowardsProvider(name)
        | (HopByHop.Contains(name) || NotToCaller.Contains(name) || HasPrefix(name, NotToCallerPrefixes) ? HeaderClass.NotToCaller : 0)
        | (OfBytes.Contains(name) ? HeaderClass.OfBytes : 0);

    private static HeaderClass TowardsProvider(string name)
    {
        if (name.Length is 0 or > MaxNameLength || name[0] == ':')
        {
            return HeaderClass.NotUpstream;
        }
        var canonical = name.Replace('_', '-');
        var found = ReferenceEquals(canonical, name) ? HeaderClass.None : HeaderClass.Underscored;
        return found | (Credentials.Contains(canonical) ? HeaderClass.Credential
            : AccountSelectors.Contains(canonical) ? HeaderClass.AccountSelector
            : HopByHop.Contains(canonical) || NotUpstream.Contains(canonical)
                || (HasPrefix(canonical, NotUpstreamPrefixes) && !name.StartsWith(BedrockPrefix, StringComparison.OrdinalIgnoreCase)) ? HeaderClass.NotUpstream
            : HeaderClass.None);
    }

    private static bool HasPrefix(string name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private sealed record Entry(string Name, HeaderClass Class);
}
