namespace EdgeGw.Configuration.Reading;

/// <summary>The known name nearest to a misspelt one.</summary>
internal static class NameSuggestion
{
    private const int LongestName = 64;

    /// <summary>Null when nothing is near enough to be what was meant.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestName)
        {
            return null;
        }
        var best = default(string);
        var bestDistance = Math.Max(1, written.Length / 3) + 1;
        foreach (var name in known)
        {
            if (name.Length > LongestName)
            {
                continue;
            }
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }
        return best;
    }

    /// <summary>Optimal string alignment: insert, delete, replace, and swap of neighbours, the typist's four slips.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }
        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }
                rows[i, j] = best;
            }
        }
        return rows[a.Length, b.Length];
    }
}
