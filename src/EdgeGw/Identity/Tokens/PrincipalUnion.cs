using System.Collections.Frozen;

namespace EdgeGw.Identity.Tokens;

/// <summary>Who calls where a virtual key and a token come together, and whether two tokens say the same of their bearer.</summary>
internal static class PrincipalUnion
{
    /// <summary>The key as it is, with the person of the token: groups of both; the key's service and labels before the token's.</summary>
    /// <remarks>Where the token names no person, the key's owner stays. Never the name of one with the mail of the other.</remarks>
    public static Principal Of(Principal key, Principal token) => key with
    {
        User = token.User ?? key.User,
        Email = token.User is null && key.User is not null ? key.Email : token.Email,
        Issuer = token.Issuer,
        Service = key.Service ?? token.Service,
        Groups = [.. key.Groups.Concat(token.Groups).Distinct(StringComparer.Ordinal)],
        GroupsFault = token.GroupsFault,
        Metadata = token.Metadata.Where(each => !key.Metadata.ContainsKey(each.Key)).Concat(key.Metadata)
            .ToFrozenDictionary(static each => each.Key, static each => each.Value, StringComparer.Ordinal),
        Claims = token.Claims,
    };

    public static bool Same(Principal a, Principal b) =>
        a with { Groups = b.Groups, Metadata = b.Metadata, Claims = b.Claims } == b
        && a.Groups.SequenceEqual(b.Groups, StringComparer.Ordinal)
        && a.Metadata.Count == b.Metadata.Count && a.Metadata.All(each => b.Metadata.TryGetValue(each.Key, out var other) && other == each.Value)
        && a.Claims.Count == b.Claims.Count
        && a.Claims.All(each => b.Claims.TryGetValue(each.Key, out var other) && each.Value.SequenceEqual(other, StringComparer.Ordinal));
}
