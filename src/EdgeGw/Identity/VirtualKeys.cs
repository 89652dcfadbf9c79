using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using EdgeGw.Storage;

namespace EdgeGw.Identity;

/// <summary>The keys that were made here. Readers take an immutable snapshot; changes are journaled, made durable, then swapped in, so a revocation works at once.</summary>
public sealed class VirtualKeys
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, VirtualKey> _byId = new(StringComparer.Ordinal);
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
                return [.. _configured.All.Concat(_byId.Values).OrderBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Created)];
            }
        }
    }

    /// <summary>The principal of a presented secret, or why there is none.</summary>
    /// <param name="configured">Those that count beside the ones made here; a key revoked here is revoked there too.</param>
    public KeyLookup Find(ReadOnlySpan<char> secret, ConfiguredKeys configured)
    {
        if (!Hasher.TryHash(secret, out var digest) || (_byDigest.GetValueOrDefault(digest) ?? configured.Find(digest)) is not { } entry)
        {
            return new KeyLookup(null, KeyFault.Unknown);
        }
        if (entry.Key.Revoked is not null)
        {
            return new KeyLookup(null, KeyFault.Revoked);
        }
        return entry.Key.Expires <= _time.GetUtcNow() ? new KeyLookup(null, KeyFault.Expired) : new KeyLookup(entry.Principal, KeyFault.None);
    }

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
            if (_configured.All.Concat(_byId.Values).Any(other => other.Name == key.Name && IsInForce(other)))
            {
                return null;
            }
            sequence = Append(journal, key);
            Remember(key);
        }
        await journal.WaitDurableAsync(sequence, cancellation);
        return (key, secret);
    }

    /// <summary>Ends a key by its id or name, at once and durably.</summary>
    /// <returns>The revoked key; null when there is none in force, or it is declared in the configuration.</returns>
    /// <exception cref="StorageException">The journal could not take it; the key is refused in this process all the same.</exception>
    public async ValueTask<VirtualKey?> RevokeAsync(string idOrName, Journal journal, CancellationToken cancellation)
    {
        VirtualKey? key;
        long sequence;
        lock (_gate)
        {
            key = _byId.Values.FirstOrDefault(each => (each.Id == idOrName || each.Name == idOrName) && each.Revoked is null);
            if (key is null)
            {
                return null;
            }
            key = key with { Revoked = _time.GetUtcNow() };
            Remember(key);
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
            _byId[key.Id] = key;
        }
    }

    internal void Write(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            var scratch = new ArrayBufferWriter<byte>();
            foreach (var key in _byId.Values)
            {
                scratch.ResetWrittenCount();
                KeyRecord.Write(scratch, key);
                BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), scratch.WrittenCount);
                output.Advance(sizeof(int));
                output.Write(scratch.WrittenSpan);
            }
        }
    }

    internal void Read(ReadOnlyMemory<byte> snapshot)
    {
        while (snapshot.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(snapshot.Span);
            var key = KeyRecord.Read(snapshot.Slice(sizeof(int), length));
            _byId[key.Id] = key;
            snapshot = snapshot[(sizeof(int) + length)..];
        }
    }

    /// <summary>Makes what recovery applied visible to lookups.</summary>
    internal void Publish()
    {
        lock (_gate)
        {
            var entries = new Dictionary<KeyDigest, KeyEntry>();
            foreach (var key in _byId.Values)
            {
                entries[key.Digest] = new KeyEntry(key, key.ToPrincipal());
            }
            _byDigest = entries.ToFrozenDictionary();
        }
    }

    private void Remember(VirtualKey key)
    {
        _byId[key.Id] = key;
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
}
