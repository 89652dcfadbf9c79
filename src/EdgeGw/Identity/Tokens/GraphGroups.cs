using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Identity.Tokens;

/// <summary>Groups of an Entra ID user who has too many for a token, from Microsoft Graph, with credentials of the gateway's own.</summary>
/// <remarks>The endpoint that such a token names is never asked: only the configured one is.</remarks>
internal sealed class GraphGroups(GraphConfig graph, IssuerDocuments documents, TimeProvider time, Action<string> onFault) : GroupLookup(time, onFault)
{
    /// <summary>An access token that Graph refused is not replaced before this age, however many users are asked for.</summary>
    public static readonly TimeSpan LeastTokenAge = TimeSpan.FromMinutes(1);

    private const int MostPages = 20;

    /// <summary>Before its end an access token is replaced.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(1);
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    private readonly TimeProvider _time = time;
    private readonly KeptAnswer<Fetched<string>> _access = new(time);

    public override bool IsFor(Principal principal) => principal is { User: not null, GroupsFault: GroupsFault.TooMany };

    protected override string BearerOf(ClaimSet claims, string token) => ObjectId(claims) ?? "";

    protected override async Task<Fetched<List<string>>> AskAsync(ClaimSet claims, string token)
    {
        if (ObjectId(claims) is not { } user)
        {
            return new(null, "a token without the user's object id (oid)");
        }
        var access = (await _access.GetAsync(FetchAccessAsync, CancellationToken.None)).Value;
        if (access.Value is null)
        {
            return new(null, access.Fault);
        }
        using var patience = new CancellationTokenSource(IssuerDocuments.Patience, _time);
        var groups = new List<string>();
        var first = new Uri(graph.GroupsEndpoint.Replace(GraphConfig.UserHole, user, StringComparison.Ordinal));
        var page = first;
        for (var pages = 0; pages < MostPages; pages++)
        {
            using var request = new HttpRequestMessage(pages == 0 ? HttpMethod.Post : HttpMethod.Get, page);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.Value);
            if (pages == 0)
            {
                request.Content = new StringContent("""{"securityEnabledOnly":true}""", Encoding.UTF8, "application/json");
            }
            var answer = await documents.SendAsync(request, graph.GroupsEndpoint, patience.Token);
            if (answer.Value is null)
            {
                // What the application may do stands in its token: one of before a permission was granted stays without it.
                _access.Doubt(LeastTokenAge);
                return new(null, answer.Fault);
            }
            if (!TryRead(answer.Value, groups, out var next))
            {
                return new(null, $"{graph.GroupsEndpoint} answered with no list of groups");
            }
            if (next is null)
            {
                return new(groups, null);
            }
            if (!Uri.TryCreate(next, UriKind.Absolute, out page!) || page.GetLeftPart(UriPartial.Authority) != first.GetLeftPart(UriPartial.Authority))
            {
                return new(null, $"{graph.GroupsEndpoint} names a next page elsewhere");
            }
        }
        return new(null, $"{graph.GroupsEndpoint} answered with more than {MostPages} pages");
    }

    /// <summary>By client credentials (RFC 6749 section 4.4).</summary>
    private async Task<(Fetched<string> Token, TimeSpan For)> FetchAccessAsync()
    {
        using var patience = new CancellationTokenSource(IssuerDocuments.Patience, _time);
        using var request = new HttpRequestMessage(HttpMethod.Post, graph.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", graph.ClientId), new("client_secret", graph.ClientSecret),
                new("scope", new Uri(graph.GroupsEndpoint).GetLeftPart(UriPartial.Authority) + "/.default"),
            ]),
        };
        var answer = await documents.SendAsync(request, graph.TokenEndpoint.AbsoluteUri, patience.Token);
        if (answer.Value is null)
        {
            return (answer, Pause);
        }
        return Access(answer.Value) is var (token, lifetime)
            ? (new(token, null), lifetime)
            : (new(null, $"{graph.TokenEndpoint} answered with no access token"), Pause);
    }

    private static (string Token, TimeSpan For)? Access(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, Options);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object
                || !json.TryGetProperty("access_token"u8, out var text) || text.GetString() is not { Length: > 0 } token || !token.All(static c => c is > ' ' and < '\x7f')
                || !json.TryGetProperty("expires_in"u8, out var seconds) || !seconds.TryGetInt32(out var lifetime) || lifetime <= 0)
            {
                return null;
            }
            var length = TimeSpan.FromSeconds(lifetime);
            length = length > 2 * Margin ? length - Margin : length / 2;
            return (token, length < LongestToken ? length : LongestToken);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or a member of another type.
            return null;
        }
    }

    private static bool TryRead(string answer, List<string> groups, out string? next)
    {
        next = null;
        try
        {
            using var document = JsonDocument.Parse(answer, Options);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("value"u8, out var values) || values.ValueKind != JsonValueKind.Array)
            {
                return false;
            }
            foreach (var value in values.EnumerateArray())
            {
                if (value.GetString() is not { Length: > 0 and <= ClaimSet.LongestValue } group || group.Any(char.IsControl))
                {
                    return false;
                }
                groups.Add(group);
            }
            next = json.TryGetProperty("@odata.nextLink"u8, out var link) ? link.GetString() : null;
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or a member of another type.
            return false;
        }
    }

    /// <summary>It goes into an address, so nothing but an id may stand there.</summary>
    private static string? ObjectId(ClaimSet claims) => Guid.TryParseExact(claims.First(["{oid}"]), "D", out var id) ? id.ToString("D") : null;
}
