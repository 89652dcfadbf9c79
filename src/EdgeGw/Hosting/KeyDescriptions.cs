using EdgeGw.Admin;
using EdgeGw.Identity;

namespace EdgeGw.Hosting;

/// <summary>Virtual keys in the admin plane's words and back.</summary>
internal static class KeyDescriptions
{
    public static KeyDescription Of(VirtualKey key, VirtualKeys keys, DateTimeOffset now) => new(
        key.Id, key.Name, key.Service, key.Groups, key.Metadata, key.FromConfig ? null : key.Created, key.Expires, key.Revoked,
        key.FromConfig ? KeySource.Config : KeySource.Store)
    {
        User = key.User,
        Email = key.Email,
        Models = key.Models,
        Rotated = key.Rotated,
        OverlapEnds = key.OverlapEnds(now),
        LastUsed = keys.LastUsed(key),
    };

    public static VirtualKey ToKey(NewKey key) => new()
    {
        Id = string.Empty, // Given when the key is made.
        Digest = default,
        Name = key.Name,
        User = key.User,
        Email = key.Email,
        Service = key.Service,
        Groups = key.Groups,
        Models = key.Models,
        Metadata = key.Metadata,
        Expires = key.Expires,
    };
}
