using System.Collections.Concurrent;
using EdgeGw.Metering;
using EdgeGw.Requests;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Makes keys of records, with a bound on the names that callers choose.</summary>
internal sealed class RollupKeys
{
    private const int MaxModels = 2000;
    private const int MaxRoutes = 1000;
    private const int MaxMetadataNames = 32;

    // A caller that sends a request id as metadata would otherwise make every request a row of its own.
    private const int MaxMetadataValues = 1000;

    /// <summary>One array of each length: a key is made for every record, and nearly all find their row.</summary>
    [ThreadStatic]
    private static KeyValuePair<string, string>[]?[]? _scratch;

    private readonly BoundedNames _models = new(MaxModels);
    private readonly BoundedNames _routes = new(MaxRoutes);
    private readonly BoundedNames _metadataNames = new(MaxMetadataNames);
    private readonly ConcurrentDictionary<string, BoundedNames> _metadataValues = new(StringComparer.Ordinal);

    internal static RollupKey Overflow(RollupBucket bucket) => new()
    {
        Bucket = bucket,
        User = LabelValues.Other,
        Email = LabelValues.Other,
        Groups = [LabelValues.Other],
        Service = LabelValues.Other,
        Key = LabelValues.Other,
        Provider = LabelValues.Other,
        Model = LabelValues.Other,
        Route = LabelValues.Other,
        Dialect = Dialect.Opaque,
        Outcome = Outcome.Completed,
        Metadata = RollupKey.NoMetadata,
    };

    /// <summary>The key of a record, good until the next one is made on this thread; <see cref="RollupKey.Keep"/> of it is good for ever.</summary>
    internal RollupKey Of(UsageRecord record)
    {
        var proven = IsProven(record);
        var principal = record.Principal;
        return new RollupKey
        {
            Bucket = new(RollupBucket.HourOf(record.Time), RollupResolution.Hour),
            User = Cut(principal.User),
            Email = Cut(principal.Email),
            Groups = principal.Groups,
            Service = Cut(principal.Service),
            Key = Cut(principal.KeyName ?? principal.KeyId),
            Provider = Cut(record.Provider),
            Model = _models.Intern(record.Model ?? record.ModelRequested, proven),
            Route = _routes.Intern(record.Route, proven),
            Dialect = record.Dialect,
            Outcome = record.Outcome,
            Metadata = EffectiveMetadata.IsEmpty(record) ? RollupKey.NoMetadata : Metadata(record, proven),
        };
    }

    /// <summary>More came of it than a refusal, so its names were not free to make up.</summary>
    internal static bool IsProven(UsageRecord record) =>
        record.Cost.Value != 0 || record.Status is >= 200 and < 400 || !record.Usage.IsEmpty;

    private static string? Cut(string? value) =>
        value is { Length: > RecordLimits.MaxStringLength } ? RecordLimits.Cut(value).ToString() : value;

    private KeyValuePair<string, string>[] Metadata(UsageRecord record, bool proven)
    {
        EffectiveMetadata.Buffer buffer = default;
        var pairs = EffectiveMetadata.Of(record, buffer);
        var count = 0;
        foreach (var (name, value) in pairs)
        {
            // A name beyond the bound is left out: under one name for all, unrelated values would be summed.
            if (_metadataNames.TryIntern(name, proven, out var known))
            {
                var values = _metadataValues.GetOrAdd(known, static _ => new BoundedNames(MaxMetadataValues));
                pairs[count++] = new(known, values.Intern(value, proven)!);
            }
        }
        pairs = pairs[..count];
        pairs.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var scratch = _scratch ??= new KeyValuePair<string, string>[MaxMetadataNames + 1][];
        var metadata = scratch[count] ??= new KeyValuePair<string, string>[count];
        pairs.CopyTo(metadata);
        return metadata;
    }
}
