namespace EdgeGw.Identity.Tokens;

/// <summary>One object for all tokens that say the same of the same bearer, so that what is remembered by it outlives each of them.</summary>
internal sealed class SharedPrincipals
{
    private const int Most = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string?, string?), Principal> _byName = [];

    public Principal Share(Principal principal)
    {
        lock (_lock)
        {
            var name = (principal.User, principal.Service);
            if (_byName.TryGetValue(name, out var known) && PrincipalUnion.Same(known, principal))
            {
                return known;
            }
            if (_byName.Count >= Most)
            {
                _byName.Clear();
            }
            return _byName[name] = principal;
        }
    }
}
