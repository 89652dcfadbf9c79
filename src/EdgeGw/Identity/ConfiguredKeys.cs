using System.Collections.Frozen;
using EdgeGw.Configuration;

namespace EdgeGw.Identity;

/// <summary>The virtual keys that one configuration declares. Immutable.</summary>
public sealed class ConfiguredKeys
{
    public static readonly ConfiguredKeys None = new([]);

    private readonly FrozenDictionary<KeyDigest, KeyEntry> _byDigest;

    public ConfiguredKeys(IEnumerable<KeyConfig> keys)
    {
        All = [.. keys.Select(KeyOf)];
        var entries = new Dictionary<KeyDigest, KeyEntry>();
        foreach (var key in All)
        {
            entries[key.Digest] = new KeyEntry(key);
        }
        _byDigest = entries.ToFrozenDictionary();
    }

    public IReadOnlyList<VirtualKey> All { get; }

    internal KeyEntry? Find(KeyDigest digest) => _byDigest.GetValueOrDefault(digest);

    private static VirtualKey KeyOf(KeyConfig key)
    {
        KeyDigest.TryParse(key.Hash, out var digest);
        return new VirtualKey
        {
            Id = $"config:{key.Name}",
            Name = key.Name,
            Digest = digest,
            User = key.User,
            Email = key.Email,
            Service = key.Service,
            Groups = key.Groups,
            Metadata = key.Metadata,
            Models = key.Models,
            FromConfig = true,
        };
    }
}
