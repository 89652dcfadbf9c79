namespace EdgeGw.Configuration;

/// <summary>Where usage records go, one JSON line each.</summary>
public sealed record LogConfig
{
    /// <summary><c>stdout</c>, <c>off</c>, or a file's path.</summary>
    public string Requests { get; init; } = "stdout";
}
