using System.Collections.Frozen;
using EdgeGw.Telemetry;

namespace EdgeGw.Identity;

/// <summary>A person whose name is to be nowhere any more: what was used and spent stays, under a pseudonym. Knows the names by their keyed hashes alone, so that it may be journaled.</summary>
/// <remarks>Not thread-safe: it remembers what it has hashed.</remarks>
public sealed class Erasure
{
    private const string Prefix = "erased:";

    /// <summary>Keeps a person's hash apart from that of a key of the same text.</summary>
    private const string Domain = "person\0";

    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 200;

    private readonly KeyHasher _hasher;
    private readonly KeyDigest[] _names;
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    private Erasure(KeyHasher hasher, KeyDigest[] names)
    {
        _hasher = hasher;
        _names = names;
        Pseudonym = Prefix + names[0].ToString()[..32];
    }

    /// <summary>What stands where a name stood: always the same for the same first name under the same pepper.</summary>
    public string Pseudonym { get; }

    /// <param name="names">The person's user name, email, or both: at least one. Compared exactly.</param>
    /// <exception cref="ArgumentException">No name, or one that is empty or longer than <see cref="MaxName"/>.</exception>
    public static Erasure Of(KeyHasher hasher, params IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        return new Erasure(hasher, [.. names.Select(name => name.Length is > 0 and <= MaxName
            ? DigestOf(hasher, name)
            : throw new ArgumentException($"A name has 1 to {MaxName} characters.", nameof(names)))]);
    }

    /// <summary>What <see cref="Read"/> takes: no name.</summary>
    internal byte[] ToPayload() => [.. _names.SelectMany(static name => Convert.FromHexString(name.ToString()))];

    internal static Erasure Read(ReadOnlySpan<byte> payload, KeyHasher hasher)
    {
        if (payload.IsEmpty || payload.Length % KeyDigest.Size != 0)
        {
            throw new InvalidDataException("An erasure holds whole hashes and at least one.");
        }
        return new Erasure(hasher, [.. payload.ToArray().Chunk(KeyDigest.Size).Select(static hash => new KeyDigest(hash))]);
    }

    /// <summary>It is one of the person's names.</summary>
    internal bool IsName(string? text)
    {
        if (text is not { Length: > 0 and <= MaxName })
        {
            return false;
        }
        if (!_known.TryGetValue(text, out var isName))
        {
            isName = _names.Contains(DigestOf(_hasher, text));
            _known.Add(text, isName);
        }
        return isName;
    }

    /// <summary>One of the values that make the scope of a budget is a name of the person's.</summary>
    internal bool IsInScope(string scope) => IsName(scope) || (scope.Contains('=') && scope.Split(',').Any(part =>
        IsName(part[(part.IndexOf('=') + 1)..].Replace("%2C", ",", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal))));

    /// <summary>The caller under the pseudonym, its other name as well; the same object where it is somebody else.</summary>
    internal Principal Apply(Principal caller)
    {
        var metadata = Apply(caller.Metadata);
        var isPerson = IsName(caller.User) || IsName(caller.Email);
        return !isPerson && ReferenceEquals(metadata, caller.Metadata) ? caller : caller with
        {
            User = isPerson && caller.User is not null ? Pseudonym : caller.User,
            Email = isPerson && caller.Email is not null ? Pseudonym : caller.Email,
            Metadata = metadata,
            Claims = isPerson ? FrozenDictionary<string, IReadOnlyList<string>>.Empty : caller.Claims,
        };
    }

    /// <inheritdoc cref="Apply(Principal)"/>
    internal UsageRecord Apply(UsageRecord record)
    {
        var (caller, labels) = (Apply(record.Principal), Apply(record.Metadata));
        var corrects = record.Corrects is { } corrected ? Apply(corrected) : null;
        return ReferenceEquals(caller, record.Principal) && ReferenceEquals(labels, record.Metadata) && ReferenceEquals(corrects, record.Corrects)
            ? record
            : record with { Principal = caller, Metadata = labels, Corrects = corrects };
    }

    /// <summary>Labels with the pseudonym where a value is a name; the same object where none is.</summary>
    internal IReadOnlyDictionary<string, string> Apply(IReadOnlyDictionary<string, string> labels) =>
        labels.Values.Any(IsName) ? labels.ToFrozenDictionary(static label => label.Key, label => IsName(label.Value) ? Pseudonym : label.Value) : labels;

    private static KeyDigest DigestOf(KeyHasher hasher, string name)
    {
        hasher.TryHash(Domain + name, out var digest);
        return digest;
    }
}
