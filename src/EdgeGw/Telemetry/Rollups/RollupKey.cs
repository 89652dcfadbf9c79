using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>What the records of one row have in common. Lists are compared by their elements, in order.</summary>
internal readonly record struct RollupKey
{
    internal static readonly KeyValuePair<string, string>[] NoMetadata = [];

    internal required RollupBucket Bucket { get; init; }
    internal string? User { get; init; }
    internal string? Email { get; init; }
    internal IReadOnlyList<string> Groups { get; init; }
    internal string? Service { get; init; }
    internal string? Key { get; init; }
    internal string? Provider { get; init; }
    internal string? Model { get; init; }
    internal string? Route { get; init; }
    internal Dialect Dialect { get; init; }
    internal Outcome Outcome { get; init; }

    /// <summary>Sorted by name.</summary>
    internal KeyValuePair<string, string>[] Metadata { get; init; }

    /// <summary>A key that shares nothing that changes.</summary>
    internal RollupKey Keep() => Metadata.Length == 0 ? this : this with { Metadata = [.. Metadata] };

    /// <summary>The key under a person's pseudonym; false: it names somebody else.</summary>
    internal bool TryErase(Erasure person, out RollupKey erased)
    {
        var isPerson = person.IsName(User) || person.IsName(Email);
        var isLabelled = Array.Exists(Metadata, label => person.IsName(label.Value));
        erased = !isPerson && !isLabelled ? this : this with
        {
            User = isPerson && User is not null ? person.Pseudonym : User,
            Email = isPerson && Email is not null ? person.Pseudonym : Email,
            Metadata = isLabelled ? Array.ConvertAll(Metadata, label => person.IsName(label.Value) ? new(label.Key, person.Pseudonym) : label) : Metadata,
        };
        return isPerson || isLabelled;
    }

    public bool Equals(RollupKey other) =>
        Bucket == other.Bucket && Dialect == other.Dialect && Outcome == other.Outcome
        && User == other.User && Email == other.Email && Service == other.Service && Key == other.Key
        && Provider == other.Provider && Model == other.Model && Route == other.Route
        && SameGroups(Groups, other.Groups) && SameMetadata(Metadata, other.Metadata);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Bucket.Hour);
        hash.Add(((int)Outcome << 8) | (int)Dialect);
        hash.Add(User);
        hash.Add(Email);
        hash.Add(Service);
        hash.Add(Key);
        hash.Add(Provider);
        hash.Add(Model);
        hash.Add(Route);
        // One group is enough to tell rows apart: people with the same groups and no name of their own are rare.
        hash.Add(Groups.Count > 0 ? Groups[^1] : null);
        foreach (var (name, value) in Metadata)
        {
            hash.Add(name);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    /// <summary>The value of one dimension; <paramref name="group"/> is the one group that a row is reported under.</summary>
    internal string Value(UsageDimension dimension, string group) => dimension.Dimension switch
    {
        UsageDimension.Kind.User => User,
        UsageDimension.Kind.Email => Email,
        UsageDimension.Kind.Group => group,
        UsageDimension.Kind.Service => Service,
        UsageDimension.Kind.Key => Key,
        UsageDimension.Kind.Provider => Provider,
        UsageDimension.Kind.Model => Model,
        UsageDimension.Kind.Route => Route,
        UsageDimension.Kind.Dialect => WireNames.Of(Dialect),
        UsageDimension.Kind.Outcome => WireNames.Of(Outcome),
        UsageDimension.Kind.Metadata => MetadataValue(dimension.MetadataName),
        UsageDimension.Kind.Hour => Bucket.Label(RollupResolution.Hour),
        UsageDimension.Kind.Day => Bucket.Label(RollupResolution.Day),
        _ => Bucket.Label(RollupResolution.Month),
    } ?? "";

    private static bool SameGroups(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }
        if (a.Count != b.Count)
        {
            return false;
        }
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i] != b[i])
            {
                return false;
            }
        }
        return true;
    }

    private static bool SameMetadata(KeyValuePair<string, string>[] a, KeyValuePair<string, string>[] b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i].Key != b[i].Key || a[i].Value != b[i].Value)
            {
                return false;
            }
        }
        return true;
    }

    private string? MetadataValue(string? name)
    {
        foreach (var pair in Metadata)
        {
            if (pair.Key == name)
            {
                return pair.Value;
            }
        }
        return null;
    }
}
