namespace EdgeGw.Pricing;

/// <summary>Finds the family of a dated snapshot by taking the last version mark off a model's name.</summary>
internal static class SnapshotName
{
    /// <summary>Shortens <paramref name="name"/> by one mark: <c>-2024-08-06</c>, <c>-20250929</c>, <c>@20250929</c>, <c>-05-20</c>, <c>-0613</c>, <c>-001</c>,
    /// <c>-latest</c>, <c>-preview</c>, <c>-exp</c>, <c>-v2</c>, <c>:2023-07-21-v2</c>, <c>-v1:0</c>.</summary>
    /// <returns>False when the name ends in no such mark.</returns>
    /// <remarks>One or two digits alone are no mark: they are the version itself, as in <c>claude-sonnet-4-5</c> and <c>gpt-4</c>.</remarks>
    public static bool TryShorten(ref ReadOnlySpan<char> name)
    {
        var cut = name.LastIndexOfAny('-', '@', ':');
        if (cut <= 0)
        {
            return false;
        }
        var mark = name[(cut + 1)..];
        if (IsDigits(mark, 2) && name[cut] == '-')
        {
            return TryCutDate(ref name, cut);
        }
        if (IsDigits(mark, 4) && name[cut] == '-' && TryCutMonthYear(ref name, cut))
        {
            return true;
        }
        var isMark = mark is "latest" or "preview" or "exp" or "experimental" || IsDigits(mark, 3) || IsDigits(mark, 4) || IsDigits(mark, 6) || IsDigits(mark, 8)
            || (name[cut] == ':' && IsDigits(mark, 1)) || (mark.Length is 2 or 3 && mark[0] == 'v' && char.IsAsciiDigit(mark[1]));
        if (isMark)
        {
            name = name[..cut];
        }
        return isMark;
    }

    /// <summary>A name that ends in two digits: <c>-2024-08-06</c> or <c>-05-20</c>.</summary>
    private static bool TryCutDate(ref ReadOnlySpan<char> name, int cut)
    {
        var month = name[..cut].LastIndexOf('-');
        if (month <= 0 || !IsDigits(name[(month + 1)..cut], 2))
        {
            return false;
        }
        var year = name[..month].LastIndexOfAny('-', '@', ':');
        name = year > 0 && IsDigits(name[(year + 1)..month], 4) ? name[..year] : name[..month];
        return true;
    }

    /// <summary>A name that ends in a month and a year: <c>-09-2025</c>.</summary>
    private static bool TryCutMonthYear(ref ReadOnlySpan<char> name, int cut)
    {
        var month = name[..cut].LastIndexOf('-');
        if (month <= 0 || !IsDigits(name[(month + 1)..cut], 2))
        {
            return false;
        }
        name = name[..month];
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text, int length) => text.Length == length && !text.ContainsAnyExceptInRange('0', '9');
}
