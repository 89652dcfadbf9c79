using System.Collections.Concurrent;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Names that come from outside, each kept once, at most so many; the rest are <c>other</c>.</summary>
internal sealed class BoundedNames(int max)
{
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _count;

    /// <param name="proven">An unknown name may be taken in. Names of refused requests may not: they cost nothing to make up.</param>
    internal string? Intern(string? name, bool proven)
    {
        if (name is null || name == LabelValues.Other)
        {
            return name;
        }
        if (name.Length > RecordLimits.MaxStringLength)
        {
            name = RecordLimits.Cut(name).ToString();
        }
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }
        if (!proven || Volatile.Read(ref _count) >= max)
        {
            return LabelValues.Other;
        }
        if (_names.TryAdd(name, name))
        {
            Interlocked.Increment(ref _count);
        }
        return name;
    }
}
