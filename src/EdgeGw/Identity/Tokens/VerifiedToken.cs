namespace EdgeGw.Identity.Tokens;

/// <summary>A token whose signature and claims were found good.</summary>
/// <param name="until">It counts up to here: its expiry with leeway, or earlier where its groups are to be asked for again.</param>
internal sealed class VerifiedToken(Principal principal, DateTimeOffset until)
{
    private Joined? _joined;

    public Principal Principal { get; } = principal;

    public DateTimeOffset Until { get; } = until;

    /// <summary>Found since eviction last looked at it.</summary>
    public bool Used { get; set; }

    /// <summary>The caller of a call with a virtual key beside the token: the same object each time, as long as the key's is.</summary>
    public Principal With(Principal key)
    {
        if (Volatile.Read(ref _joined) is { } joined && ReferenceEquals(joined.Key, key))
        {
            return joined.Both;
        }
        joined = new Joined(key, PrincipalUnion.Of(key, Principal));
        Volatile.Write(ref _joined, joined);
        return joined.Both;
    }

    private sealed record Joined(Principal Key, Principal Both);
}
