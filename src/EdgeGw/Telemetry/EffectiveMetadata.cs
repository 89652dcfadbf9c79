using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace EdgeGw.Telemetry;

/// <summary>The labels that a record is reported under: the caller's, with those of its key on top.</summary>
/// <remarks>The key's win, because an administrator set them and a caller must not move its spending to another team.</remarks>
internal static class EffectiveMetadata
{
    internal static bool IsEmpty(UsageRecord record) => record.Metadata.Count == 0 && record.Principal.Metadata.Count == 0;

    /// <summary>Fills the buffer with at most <see cref="RecordLimits.MaxMetadata"/> of each; returns what was filled.</summary>
    internal static Span<KeyValuePair<string, string>> Of(UsageRecord record, Span<KeyValuePair<string, string>> buffer)
    {
        var count = Copy(record.Principal.Metadata, buffer);
        count += Copy(record.Metadata, record.Principal.Metadata, buffer[count..]);
        return buffer[..count];
    }

    /// <summary>Fills the buffer with at most <see cref="RecordLimits.MaxMetadata"/> pairs of one map; returns how many.</summary>
    internal static int Copy(IReadOnlyDictionary<string, string> map, Span<KeyValuePair<string, string>> buffer) =>
        Copy(map, FrozenDictionary<string, string>.Empty, buffer);

    /// <summary>By concrete type where it is one of the two that occur, because an enumerator behind the interface is an allocation for each record.</summary>
    private static int Copy(
        IReadOnlyDictionary<string, string> map, IReadOnlyDictionary<string, string> except, Span<KeyValuePair<string, string>> buffer)
    {
        var count = 0;
        switch (map)
        {
            case { Count: 0 }:
                break;
            case Dictionary<string, string> dictionary:
                foreach (var pair in dictionary)
                {
                    if (!Put(pair, except, buffer, ref count))
                    {
                        break;
                    }
                }
                break;
            case FrozenDictionary<string, string> frozen:
                foreach (var pair in frozen)
                {
                    if (!Put(pair, except, buffer, ref count))
                    {
                        break;
                    }
                }
                break;
            default:
                foreach (var pair in map)
                {
                    if (!Put(pair, except, buffer, ref count))
                    {
                        break;
                    }
                }
                break;
        }
        return count;
    }

    /// <summary>False: full.</summary>
    private static bool Put(
        KeyValuePair<string, string> pair, IReadOnlyDictionary<string, string> except, Span<KeyValuePair<string, string>> buffer, ref int count)
    {
        if (count == RecordLimits.MaxMetadata)
        {
            return false;
        }
        if (!except.ContainsKey(pair.Key))
        {
            buffer[count++] = pair;
        }
        return true;
    }

    /// <summary>Room for both maps, on the stack.</summary>
    [InlineArray(2 * RecordLimits.MaxMetadata)]
    internal struct Buffer
    {
        private KeyValuePair<string, string> _first;
    }
}
