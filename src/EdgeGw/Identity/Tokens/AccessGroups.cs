using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Identity.Tokens;

/// <summary>The groups that an issuer tells only to the bearer of a token: asked for once per session, kept for minutes, never older.</summary>
internal sealed class AccessGroups(JwtConfig config, IssuerDocuments documents, TimeProvider time)
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>After a failure nobody asks again for this long.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const string Cookie = "CF_Authorization";
    private const int Most = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _bySession = new(StringComparer.Ordinal);

    /// <summary>The groups and until when they count; null groups: they cannot be known now.</summary>
    public async ValueTask<(List<string>? Groups, DateTimeOffset Until)> GetAsync(ClaimSet claims, string token, CancellationToken cancellation)
    {
        var subject = claims.First(["{sub}"]);
        // Without the session's own name the token is it.
        var session = $"{subject}\n{claims.First(["{identity_nonce}"]) ?? token}";
        Entry entry;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_bySession.TryGetValue(session, out entry!) || (entry.Answer.IsCompleted && now >= entry.Until))
            {
                if (_bySession.Count >= Most)
                {
                    _bySession.Clear();
                }
                entry = new Entry();
                entry.Answer = Task.Run(() => AskAsync(entry, subject, token));
                _bySession[session] = entry;
            }
        }
        return (await entry.Answer.WaitAsync(cancellation), entry.Until);
    }

    private async Task<List<string>?> AskAsync(Entry entry, string? subject, string token)
    {
        var answer = await documents.WithTokenAsync(config.GroupsEndpoint!, Cookie, token);
        var groups = answer.Value is { } json ? GroupsOf(json, subject) : null;
        entry.Until = time.GetUtcNow() + (groups is null ? Pause : Fresh);
        return groups;
    }

    /// <summary>Null: no answer about this subject. A group is a text, or an object with a name.</summary>
    internal static List<string>? GroupsOf(string json, string? subject)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            var identity = document.RootElement;
            if (identity.ValueKind != JsonValueKind.Object || (Text(identity, "user_uuid") is { } uuid && uuid != subject))
            {
                return null;
            }
            if (!identity.TryGetProperty("groups"u8, out var groups))
            {
                return [];
            }
            return groups.ValueKind != JsonValueKind.Array ? null : [.. groups.EnumerateArray().Select(NameOf).OfType<string>()];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonElement group)
    {
        var name = group.ValueKind == JsonValueKind.String ? group.GetString()
            : group.ValueKind == JsonValueKind.Object ? Text(group, "name") ?? Text(group, "email") ?? Text(group, "id") : null;
        return name is { Length: > 0 and <= ClaimSet.LongestValue } && !name.Any(char.IsControl) ? name : null;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed class Entry
    {
        public Task<List<string>?> Answer { get; set; } = null!;
        public DateTimeOffset Until { get; set; }
    }
}
