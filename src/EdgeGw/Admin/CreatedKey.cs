namespace EdgeGw.Admin;

/// <summary>A key just made, with the secret that is shown this once.</summary>
/// <remarks>A class and not a record, so that no generated <see cref="object.ToString"/> prints the secret.</remarks>
/// <param name="key">The key.</param>
/// <param name="secret">What the caller presents.</param>
/// <param name="hash">For the configuration file, where the key is to live there instead.</param>
public sealed class CreatedKey(KeyDescription key, string secret, string hash)
{
    public KeyDescription Key => key;

    public string Secret => secret;

    public string Hash => hash;
}
