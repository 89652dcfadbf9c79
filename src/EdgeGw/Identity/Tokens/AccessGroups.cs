using System.Text.Json;

namespace EdgeGw.Identity.Tokens;

/// <summary>Groups that an issuer tells only to the bearer of a token, by its session.</summary>
internal sealed class AccessGroups(Uri endpoint, IssuerDocuments documents, TimeProvider time, Action<string> onFault) : GroupLookup(time, onFault)
{
    private const string Cookie = "CF_Authorization";

    public override bool IsFor(Principal principal) => principal is { User: not null, Groups.Count: 0 };

    /// <summary>Without the session's own name the token is it.</summary>
    protected override string BearerOf(ClaimSet claims, string token) => $"{Subject(claims)}\n{claims.First(["{identity_nonce}"]) ?? token}";

    protected override async Task<Fetched<List<string>>> AskAsync(ClaimSet claims, string token)
    {
        var answer = await documents.WithTokenAsync(endpoint, Cookie, token);
        return answer.Value is null ? new(null, answer.Fault)
            : GroupsOf(answer.Value, Subject(claims)) is { } groups ? new(groups, null)
            : new(null, $"{endpoint} answered with no groups of the bearer");
    }

    private static string? Subject(ClaimSet claims) => claims.First(["{sub}"]);

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
}
