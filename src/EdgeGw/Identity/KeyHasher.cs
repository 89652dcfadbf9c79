using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Identity;

/// <summary>Makes key secrets and their keyed hashes. Only the hash is ever stored: HMAC-SHA-256 under a pepper that never leaves the node.</summary>
public sealed class KeyHasher
{
    /// <summary>Every secret starts with this, so that a leaked one is recognised by secret scanners and never taken for a provider's key.</summary>
    public const string SecretPrefix = "egw_";

    private const int SecretBytes = 32;
    private const int MaxSecretLength = 256;
    private readonly byte[] _pepper;

    public KeyHasher(ReadOnlySpan<byte> pepper)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pepper.Length, 32);
        _pepper = pepper.ToArray();
    }

    public static string NewSecret() => SecretPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool LooksLikeSecret(ReadOnlySpan<char> credential) => credential.StartsWith(SecretPrefix, StringComparison.Ordinal);

    /// <summary>False for credentials too long to be ours: they are not worth hashing.</summary>
    public bool TryHash(ReadOnlySpan<char> secret, out KeyDigest digest)
    {
        digest = default;
        if (secret.Length > MaxSecretLength)
        {
            return false;
        }
        Span<byte> utf8 = stackalloc byte[MaxSecretLength * 3];
        utf8 = utf8[..Encoding.UTF8.GetBytes(secret, utf8)];
        Span<byte> mac = stackalloc byte[KeyDigest.Size];
        HMACSHA256.HashData(_pepper, utf8, mac);
        CryptographicOperations.ZeroMemory(utf8);
        digest = new KeyDigest(mac);
        return true;
    }
}
