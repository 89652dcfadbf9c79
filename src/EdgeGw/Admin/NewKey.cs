namespace EdgeGw.Admin;

/// <summary>The wish for a key, already checked for form.</summary>
/// <param name="Name">1 to 128 printable characters; whether it is taken is for the source to say.</param>
/// <param name="Expires">Null: never.</param>
public sealed record NewKey(
    string Name, string? Service, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset? Expires);
