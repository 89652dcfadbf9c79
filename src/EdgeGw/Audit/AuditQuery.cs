namespace EdgeGw.Audit;

/// <summary>Which lines are asked for: all that is named must hold.</summary>
public sealed record AuditQuery
{
    /// <summary>Included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Not included.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>With <c>*</c> for anything, such as <c>key.*</c>.</summary>
    public string? Action { get; init; }

    /// <summary>With <c>*</c> for anything, such as <c>user:*</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>The newest so many.</summary>
    public int Limit { get; init; } = 1000;
}
