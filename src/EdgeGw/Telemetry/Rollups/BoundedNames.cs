using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Names that come from outside, each kept once, at most so many; the rest are <c>other</c>.</summary>
internal sealed class BoundedNames(int max)
{
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The name as kept, or <c>other</c> where the bound has no room for it.</summary>
    /// <param name="proven">An unknown name may be taken in. Names of refused requests may not: they cost nothing to make up.</param>
    internal string? Intern(string? name, bool proven) =>
        name is null ? null : TryIntern(name, proven, out var known) ? known : LabelValues.Other;

    /// <summary>False: the bound has no room for it.</summary>
    internal bool TryIntern(string name, bool proven, [NotNullWhen(true)] out string? known)
    {
        if (name.Length > RecordLimits.MaxStringLength)
        {
            name = RecordLimits.Cut(name).ToString();
        }
        if (_names.TryGetValue(name, out known))
        {
            return true;
        }
        if (!proven || Volatile.Read(ref _count) >= max)
        {
            return false;
        }
        known = _names.GetOrAdd(name, name);
        if (ReferenceEquals(known, name))
        {
            Interlocked.Increment(ref _count);
        }
        return true;
    }
}
