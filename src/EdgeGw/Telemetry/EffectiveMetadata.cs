namespace EdgeGw.Telemetry;

/// <summary>The labels that a record is reported under: the caller's, with those of its key on top.</summary>
/// <remarks>The key's win, because an administrator set them and a caller must not move its spending to another team.</remarks>
internal static class EffectiveMetadata
{
    internal static bool IsEmpty(UsageRecord record) => record.Metadata.Count == 0 && record.Principal.Metadata.Count == 0;

    /// <summary>At most <see cref="RecordLimits.MaxMetadata"/> of each; a name of the caller's that the key also has is left out.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Of(UsageRecord record)
    {
        var own = record.Principal.Metadata;
        foreach (var pair in own.Take(RecordLimits.MaxMetadata))
        {
            yield return pair;
        }
        foreach (var pair in record.Metadata.Take(RecordLimits.MaxMetadata))
        {
            if (!own.ContainsKey(pair.Key))
            {
                yield return pair;
            }
        }
    }
}
