using EdgeGw.Configuration;

namespace EdgeGw.Identity.Tokens;

/// <summary>Groups that a token does not list: asked for once per bearer, kept for minutes, never older.</summary>
/// <param name="onFault">Told why groups could not be had, at most once a minute.</param>
internal abstract class GroupLookup(TimeProvider time, Action<string> onFault)
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>After a failure nobody asks again for this long.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int Most = 16_384;
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeptAnswer<List<string>?>> _byBearer = new(StringComparer.Ordinal);
    private DateTimeOffset _toldFault = DateTimeOffset.MinValue;

    /// <summary>As the issuer's configuration says; null: there is nobody to ask.</summary>
    public static GroupLookup? Of(JwtConfig config, IssuerDocuments documents, TimeProvider time, Action<string> onFault) =>
        config.Graph is { } graph ? new GraphGroups(graph, documents, time, onFault)
        : config.GroupsEndpoint is { } endpoint ? new AccessGroups(endpoint, documents, time, onFault)
        : null;

    /// <summary>The token leaves groups out that can be asked for.</summary>
    public abstract bool IsFor(Principal principal);

    /// <summary>The groups and until when they count; null groups: they cannot be known now.</summary>
    public Task<Kept<List<string>?>> GetAsync(ClaimSet claims, string token, CancellationToken cancellation)
    {
        var bearer = BearerOf(claims, token);
        KeptAnswer<List<string>?>? answer;
        lock (_lock)
        {
            if (!_byBearer.TryGetValue(bearer, out answer))
            {
                if (_byBearer.Count >= Most)
                {
                    _byBearer.Clear();
                }
                _byBearer[bearer] = answer = new(time);
            }
        }
        return answer.GetAsync(() => LookUpAsync(claims, token), cancellation);
    }

    /// <summary>Whose answer it is: the same text, the same groups.</summary>
    protected abstract string BearerOf(ClaimSet claims, string token);

    protected abstract Task<Fetched<List<string>>> AskAsync(ClaimSet claims, string token);

    private async Task<(List<string>? Groups, TimeSpan For)> LookUpAsync(ClaimSet claims, string token)
    {
        var answer = await AskAsync(claims, token);
        if (answer.Value is null && MayTell())
        {
            onFault(answer.Fault!);
        }
        return (answer.Value, answer.Value is null ? Pause : Fresh);
    }

    private bool MayTell()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var may = now >= _toldFault + BetweenFaults || now < _toldFault;
            _toldFault = may ? now : _toldFault;
            return may;
        }
    }
}
