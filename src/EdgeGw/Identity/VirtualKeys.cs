using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using EdgeGw.Storage;

namespace EdgeGw.Identity;

/// <summary>The keys that were made here. Readers take an immutable snapshot; changes are journaled, made durable, then swapped in, so a revocation works at once.</summary>
public sealed class VirtualKeys
{
    /// <summary>Secrets from before rotations that are kept. One more rotation while all of them work ends the oldest.</summary>
    private const int MostReplaced = 8;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly KeyUses _uses = new();
    private readonly Dictionary<string, KeyEntry> _byId = new(StringComparer.Ordinal);
    private FrozenDictionary<KeyDigest, KeyEntry> _byDigest = FrozenDictionary<KeyDigest, KeyEntry>.Empty;
    private volatile ConfiguredKeys _configured;

    public VirtualKeys(KeyHasher hasher, ConfiguredKeys configured, TimeProvider time)
    {
        Hasher = hasher;
        _configured = configured;
        _time = time;
    }

    public KeyHasher Hasher { get; }

    /// <summary>Those of the configuration in force: listed with the others, and no name of theirs is given to another.</summary>
    public ConfiguredKeys Configured
    {
        get => _configured;
        set => _configured = value;
    }

    /// <summary>Every key of the configuration, and every one ever made, revoked ones included, by name.</summary>
    public IReadOnlyList<VirtualKey> All
    {
        get
        {
            lock (_gate)
            {
                return [.. Every().OrderBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Created)];
            }
        }
    }

    /// <summary>The principal of a presented secret, or why there is none.</summary>
    /// <param name="configured">Those that count beside the ones made here; a key revoked here is revoked there too.</param>
    /// <param name="last">Of the connection that the secret came over.</param>
    public KeyLookup Find(ReadOnlySpan<char> secret, ConfiguredKeys configured, LastSecret last)
    {
        if (!last.TryHash(Hasher, secret, out var digest) || (_byDigest.GetValueOrDefault(digest) ?? configured.Find(digest)) is not { } entry)
        {
            return new KeyLookup(null, KeyFault.Unknown);
        }
        var now = _time.GetUtcNow();
        if (entry.FaultOf(digest, now) is not KeyFault.None and var fault)
        {
            return new KeyLookup(null, fault);
        }
        _uses.Note(entry, now);
        return new KeyLookup(entry.Principal, KeyFault.None);
    }

    /// <summary>When a key last let a caller in, to the second; null: never, or longer ago than is known.</summary>
    public DateTimeOffset? LastUsed(VirtualKey key) => _uses.Last(key.Id);

    /// <summary>When any key last let a caller in; null: none did.</summary>
    internal DateTimeOffset? LastUse => _uses.Latest;

    /// <summary>Makes a key. The secret is in the result and nowhere else.</summary>
    /// <returns>Null when a key of that name is in force.</returns>
    /// <exception cref="StorageException">The journal could not take it; the key does not exist then.</exception>
    public async ValueTask<(VirtualKey Key, string Secret)?> CreateAsync(VirtualKey template, Journal journal, CancellationToken cancellation)
    {
        var secret = KeyHasher.NewSecret();
        Hasher.TryHash(secret, out var digest);
        var key = template with { Id = $"key_{RandomNumberGenerator.GetHexString(12, lowercase: true)}", Digest = digest, Created = _time.GetUtcNow(), Revoked = null };
        long sequence;
        lock (_gate)
        {
            if (Every().Any(other => other.Name == key.Name && IsInForce(other)))
            {
                return null;
            }
            sequence = Append(journal, key);
            Remember(new KeyEntry(key));
        }
        await journal.WaitDurableAsync(sequence, cancellation);
        return (key, secret);
    }

    /// <summary>Gives a key a new secret under its id, name and budgets, durably. Those it had work on for a while.</summary>
    /// <param name="overlap">How long; zero: they end now. One that ends earlier already does so.</param>
    /// <returns>The secret is in the result and nowhere else; null when no such key is in force, or it is declared in the configuration.</returns>
    /// <exception cref="StorageException">The journal could not take it.</exception>
    public async ValueTask<(VirtualKey Key, string Secret)?> RotateAsync(string idOrName, TimeSpan overlap, Journal journal, CancellationToken cancellation)
    {
        var secret = KeyHasher.NewSecret();
        Hasher.TryHash(secret, out var digest);
        VirtualKey key;
        long sequence;
        lock (_gate)
        {
            if (Named(idOrName) is not { } entry || !IsInForce(entry.Key))
            {
                return null;
            }
            var now = _time.GetUtcNow();
            var ends = now + overlap;
            key = entry.Key with
            {
                Digest = digest,
                Rotated = now,
                Replaced =
                [
                    new ReplacedSecret(entry.Key.Digest, ends),
                    .. entry.Key.Replaced.Select(old => old.Ends < ends ? old : old with { Ends = ends }).Take(MostReplaced - 1),
                ],
            };
            sequence = Append(journal, key);
            Remember(entry.With(key));
        }
        await journal.WaitDurableAsync(sequence, cancellation);
        return (key, secret);
    }

    /// <summary>Ends a key with all its secrets by its id or name, at once and durably.</summary>
    /// <returns>The revoked key; null when there is none that is not revoked, or it is declared in the configuration.</returns>
    /// <exception cref="StorageException">The journal could not take it; the key is refused in this process all the same.</exception>
    public async ValueTask<VirtualKey?> RevokeAsync(string idOrName, Journal journal, CancellationToken cancellation)
    {
        VirtualKey key;
        long sequence;
        lock (_gate)
        {
            if (Named(idOrName) is not { } entry)
            {
                return null;
            }
            key = entry.Key with { Revoked = _time.GetUtcNow() };
            Remember(entry.With(key));
            sequence = Append(journal, key);
        }
        await journal.WaitDurableAsync(sequence, cancellation);
        return key;
    }

    internal void Apply(in JournalRecord record)
    {
        if (record.Type == (byte)JournalRecordType.KeyChanged)
        {
            var key = KeyRecord.Read(record.Payload.ToArray());
            _byId[key.Id] = new KeyEntry(key);
        }
    }

    internal void Write(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            var scratch = new ArrayBufferWriter<byte>();
            foreach (var entry in _byId.Values)
            {
                scratch.ResetWrittenCount();
                KeyRecord.Write(scratch, entry.Key);
                BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), scratch.WrittenCount);
                output.Advance(sizeof(int));
                output.Write(scratch.WrittenSpan);
            }
        }
    }

    internal void WriteUses(IBufferWriter<byte> output) => _uses.Write(output, All.Select(static key => key.Id));

    internal void ReadUses(ReadOnlyMemory<byte> snapshot) => _uses.Read(snapshot);

    internal void Read(ReadOnlyMemory<byte> snapshot)
    {
        while (snapshot.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(snapshot.Span);
            var key = KeyRecord.Read(snapshot.Slice(sizeof(int), length));
            _byId[key.Id] = new KeyEntry(key);
            snapshot = snapshot[(sizeof(int) + length)..];
        }
    }

    /// <summary>Makes what recovery applied visible to lookups.</summary>
    internal void Publish()
    {
        lock (_gate)
        {
            var entries = new Dictionary<KeyDigest, KeyEntry>();
            foreach (var entry in _byId.Values)
            {
                entries[entry.Key.Digest] = entry;
                foreach (var old in entry.Key.Replaced)
                {
                    entries[old.Digest] = entry;
                }
            }
            _byDigest = entries.ToFrozenDictionary();
        }
    }

    private IEnumerable<VirtualKey> Every() => _configured.All.Concat(_byId.Values.Select(static entry => entry.Key));

    /// <summary>The key that is not revoked and has this id, or else this name. A name may have been given again after its first key expired: the one in force is meant.</summary>
    private KeyEntry? Named(string idOrName) =>
        _byId.GetValueOrDefault(idOrName) is { Key.Revoked: null } own
            ? own
            : _byId.Values.Where(entry => entry.Key.Name == idOrName && entry.Key.Revoked is null).OrderByDescending(entry => IsInForce(entry.Key)).FirstOrDefault();

    private void Remember(KeyEntry entry)
    {
        _byId[entry.Key.Id] = entry;
        Publish();
    }

    private static long Append(Journal journal, VirtualKey key)
    {
        var payload = new ArrayBufferWriter<byte>();
        KeyRecord.Write(payload, key);
        return journal.Append((byte)JournalRecordType.KeyChanged, KeyRecord.Version, payload.WrittenSpan);
    }

    private bool IsInForce(VirtualKey key) => key.Revoked is null && !(key.Expires <= _time.GetUtcNow());
}

/// <summary>The outcome of looking a secret up.</summary>
public readonly record struct KeyLookup(Principal? Principal, KeyFault Fault);

/// <summary>Why a secret is not accepted.</summary>
public enum KeyFault : byte
{
    None,
    Unknown,
    Revoked,
    Expired,

    /// <summary>The key has a newer secret, and this one's time is over.</summary>
    Replaced,
}
