using EdgeGw.Pricing;

namespace EdgeGw.Policy.Import;

/// <summary>Sets of patterns with <c>*</c>, of which one must match.</summary>
internal static class Globs
{
    public const string Any = "*";

    /// <summary>Each once, in an order of their own, so that equal sets are equal lists.</summary>
    public static string[] Set(IEnumerable<string> globs)
    {
        var set = globs.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        return set.Contains(Any) ? [Any] : set;
    }

    public static bool AreSame(string[] a, string[] b) => a.SequenceEqual(b, StringComparer.OrdinalIgnoreCase);

    /// <summary>The texts that one pattern of each set matches; null: no set of patterns says that.</summary>
    public static string[]? Intersect(string[] a, string[] b)
    {
        var both = new List<string>();
        foreach (var one in a)
        {
            foreach (var other in b)
            {
                if (Intersect(one, other) is not { } texts)
                {
                    return null;
                }
                both.AddRange(texts);
            }
        }
        return Set(both);
    }

    private static IEnumerable<string>? Intersect(string a, string b)
    {
        if (b == Any || a.Equals(b, StringComparison.OrdinalIgnoreCase))
        {
            return [a];
        }
        if (a == Any)
        {
            return [b];
        }
        if (!a.Contains('*'))
        {
            return Wildcard.IsMatch(b, a) ? [a] : [];
        }
        if (!b.Contains('*'))
        {
            return Wildcard.IsMatch(a, b) ? [b] : [];
        }
        return a.Count(static c => c == '*') == 1 && b.Count(static c => c == '*') == 1 ? IntersectEnds(a.Split('*'), b.Split('*')) : null;
    }

    private static List<string> IntersectEnds(string[] a, string[] b)
    {
        var (start, shortStart) = a[0].Length >= b[0].Length ? (a[0], b[0]) : (b[0], a[0]);
        var (end, shortEnd) = a[1].Length >= b[1].Length ? (a[1], b[1]) : (b[1], a[1]);
        if (!start.StartsWith(shortStart, StringComparison.OrdinalIgnoreCase) || !end.EndsWith(shortEnd, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
        var texts = new List<string> { $"{start}*{end}" };
        // Shorter texts, in which beginning and end share characters: "ab" begins with "ab" and ends with "b".
        var shortest = Math.Max(Math.Max(a[0].Length + a[1].Length, b[0].Length + b[1].Length), Math.Max(start.Length, end.Length));
        for (var length = shortest; length < start.Length + end.Length; length++)
        {
            var shared = start.Length + end.Length - length;
            if (string.Compare(start, start.Length - shared, end, 0, shared, StringComparison.OrdinalIgnoreCase) == 0)
            {
                texts.Add(start + end[shared..]);
            }
        }
        return texts;
    }
}
