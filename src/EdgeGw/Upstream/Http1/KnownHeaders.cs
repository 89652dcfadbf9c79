using System.Collections.Frozen;

namespace EdgeGw.Upstream.Http1;

/// <summary>Names and values that providers send all the time, so that reading a head does not make them anew.</summary>
internal static class KnownHeaders
{
    private const int MaxLength = 48;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Texts = Build();

    /// <summary>The text of these Latin-1 bytes.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= MaxLength)
        {
            Span<char> chars = stackalloc char[MaxLength];
            var length = System.Text.Encoding.Latin1.GetChars(bytes, chars);
            if (Texts.TryGetValue(chars[..length], out var known))
            {
                return known;
            }
        }
        return System.Text.Encoding.Latin1.GetString(bytes);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Build()
    {
        string[] names =
        [
            "Access-Control-Expose-Headers", "Alt-Svc", "Anthropic-Organization-Id", "Apim-Request-Id", "Cache-Control", "Cf-Cache-Status", "Cf-Ray",
            "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Openai-Organization", "Openai-Processing-Ms",
            "Openai-Project", "Openai-Version", "Request-Id", "Retry-After", "Server", "Server-Timing", "Set-Cookie", "Strict-Transport-Security",
            "Transfer-Encoding", "Vary", "Via", "X-Content-Type-Options", "X-Envoy-Upstream-Service-Time", "X-Frame-Options", "X-Request-Id",
            "X-Ratelimit-Limit-Requests", "X-Ratelimit-Limit-Tokens", "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Remaining-Tokens",
            "X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens", "X-Xss-Protection", "Anthropic-Ratelimit-Requests-Limit",
            "Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset", "Anthropic-Ratelimit-Tokens-Limit",
            "Anthropic-Ratelimit-Tokens-Remaining", "Anthropic-Ratelimit-Tokens-Reset", "Anthropic-Ratelimit-Input-Tokens-Limit",
            "Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset", "Anthropic-Ratelimit-Output-Tokens-Limit",
            "Anthropic-Ratelimit-Output-Tokens-Remaining", "Anthropic-Ratelimit-Output-Tokens-Reset",
        ];
        string[] values =
        [
            "", "application/json", "application/json; charset=utf-8", "application/json; charset=UTF-8", "bytes", "br", "chunked", "cloudflare", "close",
            "DYNAMIC", "gzip", "identity", "keep-alive", "no-cache", "no-store", "nosniff", "text/event-stream", "text/event-stream; charset=utf-8",
            "Accept-Encoding",
        ];
        var all = names.Concat(names.Select(static n => n.ToLowerInvariant())).Concat(values);
        return all.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
