using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace EdgeGw.Identity.Tokens;

/// <summary>A token taken apart, and not yet believed: what RFC 8725 wants to be checked before a key is touched has been.</summary>
internal sealed class TokenText
{
    /// <summary>In characters.</summary>
    public const int Longest = 16 * 1024;

    private const int Deepest = 32;
    private const int LongestKeyId = 256;

    /// <summary>The year 9000, in seconds: room for leeway up to the last time there is.</summary>
    private const double LatestTime = 221_845_392_000;
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest };

    /// <summary>They say where to take the key from (RFC 8725 section 3.10), or ask for something that is not done here (RFC 7515 section 4.1.11).</summary>
    private static readonly string[] Refused = ["crit", "jku", "jwk", "x5u", "b64", "enc", "zip"];

    /// <summary>A token of another purpose, such as a logout, is none to call with (RFC 8725 section 3.11).</summary>
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    private TokenText(string raw, JsonElement header, JsonElement claims)
    {
        Raw = raw;
        Algorithm = header.GetProperty("alg"u8).GetString()!;
        KeyId = header.TryGetProperty("kid"u8, out var kid) ? kid.GetString() : null;
        Issuer = claims.GetProperty("iss"u8).GetString()!;
        Claims = claims;
        Expires = Time(claims, "exp")!.Value;
        NotBefore = Time(claims, "nbf") ?? DateTimeOffset.MinValue;
    }

    public string Raw { get; }
    public string Algorithm { get; }

    /// <summary>A name to look a key up by, at most 256 bytes, and nothing else.</summary>
    public string? KeyId { get; }

    public string Issuer { get; }

    public DateTimeOffset Expires { get; }

    /// <summary>The earliest time there is where the token does not say.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>An object in which no name stands twice, at any depth.</summary>
    public JsonElement Claims { get; }

    /// <summary>Whether it can be meant as a token: a JOSE object in compact form begins with <c>{</c> in base64url.</summary>
    public static bool LooksLikeToken(ReadOnlySpan<char> text) =>
        MayBeToken(text) && text.Count('.') is 2 or 4;

    /// <summary>By its beginning alone.</summary>
    public static bool MayBeToken(ReadOnlySpan<char> text) => text is ['e', 'y' or 'w', ..];

    /// <summary>Null: it is not what this gateway reads.</summary>
    public static TokenText? Parse(ReadOnlySpan<char> token)
    {
        Span<Range> parts = stackalloc Range[4];
        if (token.Length > Longest || token.ContainsAnyExcept(Alphabet) || token.Split(parts, '.') != 3 || token[parts[2]].IsEmpty)
        {
            return null;
        }
        return Json(token[parts[0]]) is { } header && IsHeader(header) && Json(token[parts[1]]) is { } claims && IsClaims(claims)
            ? new TokenText(token.ToString(), header, claims)
            : null;
    }

    private static bool IsHeader(JsonElement header)
    {
        foreach (var name in Refused)
        {
            if (header.TryGetProperty(name, out _))
            {
                return false;
            }
        }
        return IsText(header, "alg")
            && (!header.TryGetProperty("kid"u8, out _) || (IsText(header, "kid") && System.Text.Encoding.UTF8.GetByteCount(header.GetProperty("kid"u8).GetString()!) <= LongestKeyId))
            && (!header.TryGetProperty("typ"u8, out _) || (IsText(header, "typ") && Types.Contains(header.GetProperty("typ"u8).GetString(), StringComparer.OrdinalIgnoreCase)));
    }

    private static bool IsClaims(JsonElement claims) =>
        IsText(claims, "iss") && Time(claims, "exp") is not null && (!claims.TryGetProperty("nbf"u8, out _) || Time(claims, "nbf") is not null);

    /// <summary>Null: absent, or no number of seconds that is a time.</summary>
    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LatestTime
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static bool IsText(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    /// <summary>Null unless it is an object without doubt about any member.</summary>
    private static JsonElement? Json(ReadOnlySpan<char> part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (Base64Url.DecodeFromChars(part, bytes, out var read, out var written) != OperationStatus.Done || read != part.Length)
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, written), Options);
            return document.RootElement.ValueKind == JsonValueKind.Object && IsUnambiguous(document.RootElement) ? document.RootElement.Clone() : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or half of a surrogate pair in a string.
            return null;
        }
    }

    /// <summary>Readers differ in which of two members of one name they take (RFC 8725 section 2.4 has the attacks).</summary>
    private static bool IsUnambiguous(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in json.EnumerateObject())
                {
                    if (!names.Add(member.Name) || !IsUnambiguous(member.Value))
                    {
                        return false;
                    }
                }
                return true;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    if (!IsUnambiguous(item))
                    {
                        return false;
                    }
                }
                return true;
            case JsonValueKind.String:
                _ = json.GetString(); // Throws on text that is none.
                return true;
            default:
                return true;
        }
    }
}
