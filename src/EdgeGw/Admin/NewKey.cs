namespace EdgeGw.Admin;

/// <summary>The wish for a key, already checked for form.</summary>
/// <param name="Name">1 to 128 printable characters; whether it is taken is for the source to say.</param>
/// <param name="Expires">Null: never.</param>
public sealed record NewKey(
    string Name, string? Service, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset? Expires)
{
    /// <summary>The person whose key it is: 1 to 256 printable characters.</summary>
    public string? User { get; init; }

    public string? Email { get; init; }

    /// <summary>Patterns of what it may be used for; empty: everything that policies allow.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
}
