using System.Runtime.InteropServices;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Gathers rows into a report.</summary>
internal sealed class RollupReport(IReadOnlyList<UsageDimension> by)
{
    private readonly Dictionary<string[], UsageTotals> _groups = new(new ByElements());
    private readonly bool _byGroup = by.Any(static dimension => dimension.Dimension == UsageDimension.Kind.Group);
    private UsageTotals _total;

    internal void Add(in RollupKey key, in UsageTotals totals)
    {
        _total += totals;
        if (!_byGroup || key.Groups.Count == 0)
        {
            AddTo(key, "", totals);
            return;
        }
        for (var i = 0; i < key.Groups.Count; i++)
        {
            // A group that is listed twice still is one group.
            if (!Contains(key.Groups, i))
            {
                AddTo(key, key.Groups[i], totals);
            }
        }
    }

    internal UsageReport Finish(int limit)
    {
        var rows = _groups.Select(static pair => new UsageRow(pair.Key, pair.Value)).ToList();
        var truncated = rows.Count > limit;
        rows.Sort(ByCost);
        if (truncated)
        {
            var rest = default(UsageTotals);
            foreach (var row in CollectionsMarshal.AsSpan(rows)[limit..])
            {
                rest += row.Totals;
            }
            rows.RemoveRange(limit, rows.Count - limit);
            rows.Sort(InOrder);
            rows.Add(new UsageRow([.. by.Select(static _ => LabelValues.Other)], rest));
            return new UsageReport(rows, _total, Truncated: true);
        }
        rows.Sort(InOrder);
        return new UsageReport(rows, _total, Truncated: false);
    }

    private static bool Contains(IReadOnlyList<string> groups, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (groups[i] == groups[before])
            {
                return true;
            }
        }
        return false;
    }

    private static int ByCost(UsageRow a, UsageRow b)
    {
        var order = b.Totals.CostNanoUsd.CompareTo(a.Totals.CostNanoUsd);
        order = order != 0 ? order : b.Totals.Requests.CompareTo(a.Totals.Requests);
        for (var i = 0; order == 0 && i < a.Values.Count; i++)
        {
            order = string.CompareOrdinal(a.Values[i], b.Values[i]);
        }
        return order;
    }

    private int InOrder(UsageRow a, UsageRow b)
    {
        for (var i = 0; i < by.Count; i++)
        {
            if (by[i].IsTime && string.CompareOrdinal(a.Values[i], b.Values[i]) is not 0 and var order)
            {
                return order;
            }
        }
        return ByCost(a, b);
    }

    private void AddTo(in RollupKey key, string group, in UsageTotals totals)
    {
        var values = new string[by.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = key.Value(by[i], group);
        }
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, values, out _);
        sum += totals;
    }

    private sealed class ByElements : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] values)
        {
            var hash = new HashCode();
            foreach (var value in values)
            {
                hash.Add(value);
            }
            return hash.ToHashCode();
        }
    }
}
