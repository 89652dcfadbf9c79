namespace EdgeGw.Identity;

/// <summary>The last key secret that came over a connection, and its keyed hash: most connections bring the same one with every request, and the hash is what costs most of finding out who calls.</summary>
public sealed class LastSecret
{
    private string? _secret;
    private KeyDigest _digest;

    /// <inheritdoc cref="KeyHasher.TryHash"/>
    public bool TryHash(KeyHasher hasher, ReadOnlySpan<char> secret, out KeyDigest digest)
    {
        // In constant time: a proxy between may send the requests of many callers over this connection.
        if (_secret is not null && SecretText.FixedTimeEquals(_secret, secret))
        {
            digest = _digest;
            return true;
        }
        if (!hasher.TryHash(secret, out digest))
        {
            return false;
        }
        _secret = secret.ToString();
        _digest = digest;
        return true;
    }
}
