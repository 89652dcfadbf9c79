namespace EdgeGw.Identity;

/// <summary>A key with the principal that it stands for: made once, since what features remember of a caller hangs on the object.</summary>
internal sealed class KeyEntry(VirtualKey key)
{
    public VirtualKey Key { get; } = key;

    public Principal Principal { get; private init; } = key.ToPrincipal();

    /// <summary>Null until the key is used: see <see cref="KeyUses"/>.</summary>
    public KeyUses.Use? Use { get; set; }

    /// <summary>The same key for the same caller, with other secrets or an end.</summary>
    public KeyEntry With(VirtualKey changed) => new(changed) { Principal = Principal, Use = Use };

    /// <summary>Why this secret of the key, or the key, does not count now.</summary>
    public KeyFault FaultOf(KeyDigest secret, DateTimeOffset now)
    {
        if (Key.Revoked is not null)
        {
            return KeyFault.Revoked;
        }
        if (Key.Expires <= now)
        {
            return KeyFault.Expired;
        }
        if (secret == Key.Digest)
        {
            return KeyFault.None;
        }
        for (var i = 0; i < Key.Replaced.Count; i++)
        {
            if (Key.Replaced[i].Digest == secret && now < Key.Replaced[i].Ends)
            {
                return KeyFault.None;
            }
        }
        return KeyFault.Replaced;
    }
}
