namespace EdgeGw.Limits;

/// <summary>What a caller is told of the tightest limit of one kind.</summary>
/// <param name="Rule">The limit.</param>
/// <param name="Remaining">At least 0.</param>
/// <param name="Reset">Until nothing is taken any more; zero where nothing is, or where no clock decides.</param>
internal readonly record struct LimitStatus(LimitRule? Rule, long Remaining, TimeSpan Reset)
{
    /// <summary>False: no limit of this kind applies.</summary>
    public bool Applies => Rule is not null;

    public long Limit => Rule?.Amount ?? 0;

    public string? LimitText => Rule?.AmountText;
}
