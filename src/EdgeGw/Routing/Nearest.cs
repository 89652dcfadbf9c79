namespace EdgeGw.Routing;

/// <summary>Guesses which known name a mistyped one meant.</summary>
internal static class Nearest
{
    private const int MaxLength = 64;

    /// <summary>The name with the fewest edits, ignoring case; null when none is within a third of its length.</summary>
    public static string? To(string asked, IReadOnlyList<string> names)
    {
        if (asked.Length > MaxLength)
        {
            return null;
        }
        string? best = null;
        var fewest = int.MaxValue;
        foreach (var name in names)
        {
            if (name.Length <= MaxLength && Edits(asked.ToLowerInvariant(), name.ToLowerInvariant()) is var edits && edits < fewest && edits <= Math.Max(1, name.Length / 3))
            {
                (best, fewest) = (name, edits);
            }
        }
        return best;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string a, string b)
    {
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
