using System.Buffers.Text;
using Microsoft.IdentityModel.Tokens;

namespace EdgeGw.Identity.Tokens;

/// <summary>The public keys that an issuer signs with. Immutable.</summary>
internal sealed class KeySet
{
    private const int SmallestModulus = 256; // bytes: RFC 7518 section 3.3 wants 2048 bits
    private static readonly (string Curve, string Algorithm)[] Curves = [("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")];

    private readonly (JsonWebKey Key, string? Algorithm)[] _keys;

    private KeySet((JsonWebKey, string?)[] keys) => _keys = keys;

    /// <summary>Null: no document, or none with a key that can verify.</summary>
    public static KeySet? Parse(string json)
    {
        JsonWebKeySet document;
        try
        {
            document = JsonWebKeySet.Create(json);
        }
        catch (Exception fault) when (fault is ArgumentException or System.Text.Json.JsonException or FormatException)
        {
            return null;
        }
        var keys = document.Keys.Where(IsUsable).Select(static key => (Bare(key), string.IsNullOrEmpty(key.Alg) ? null : key.Alg)).ToArray();
        return keys.Length == 0 ? null : new KeySet(keys);
    }

    /// <summary>Those of that name (without one: the only one) whose type is the algorithm's.</summary>
    public SecurityKey[] Find(string? keyId, string algorithm)
    {
        var fitting = _keys.Where(each => (keyId is null || each.Key.Kid == keyId) && Fits(each.Key, each.Algorithm, algorithm)).Select(static each => each.Key).ToArray<SecurityKey>();
        return keyId is null && fitting.Length != 1 ? [] : fitting;
    }

    /// <summary>Whether a key of that name is here, whatever it is good for.</summary>
    public bool Has(string? keyId) => keyId is null || _keys.Any(each => each.Key.Kid == keyId);

    /// <summary>None of these is missing or changed in the other.</summary>
    public bool IsWithin(KeySet other) => _keys.All(each => other._keys.Any(same => each.Algorithm == same.Algorithm && Same(each.Key, same.Key)));

    private static bool IsUsable(JsonWebKey key) =>
        key.Use is null or "" or "sig" && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify")) && !key.HasPrivateKey && key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA => Length(key.N) >= SmallestModulus && Length(key.E) > 0,
            JsonWebAlgorithmsKeyTypes.EllipticCurve => Curves.Any(each => each.Curve == key.Crv) && Length(key.X) > 0 && Length(key.Y) > 0,
            _ => false,
        };

    private static int Length(string? encoded) => encoded is not null && Base64Url.IsValid(encoded, out var length) ? length : 0;

    /// <summary>The numbers alone: the library would prefer a certificate (<c>x5c</c>) to them.</summary>
    private static JsonWebKey Bare(JsonWebKey key) => new() { Kty = key.Kty, Kid = key.Kid, KeyId = key.Kid, N = key.N, E = key.E, Crv = key.Crv, X = key.X, Y = key.Y };

    private static bool Fits(JsonWebKey key, string? keyAlgorithm, string algorithm) =>
        (keyAlgorithm is null || keyAlgorithm == algorithm) && key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA => algorithm.StartsWith("RS", StringComparison.Ordinal) || algorithm.StartsWith("PS", StringComparison.Ordinal),
            _ => Curves.Contains((key.Crv, algorithm)),
        };

    private static bool Same(JsonWebKey a, JsonWebKey b) =>
        (a.Kty, a.Kid, a.N, a.E) == (b.Kty, b.Kid, b.N, b.E) && (a.Crv, a.X, a.Y) == (b.Crv, b.X, b.Y);
}
