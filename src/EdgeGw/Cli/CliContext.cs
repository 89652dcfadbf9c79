using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>What commands take from the outside, so that tests can hand in their own.</summary>
public sealed record CliContext
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required IEnvironment Environment { get; init; }
    public required TimeProvider Time { get; init; }
    public required KnownProviders Providers { get; init; }

    /// <summary>Whether a file is there, in the search for a configuration; null asks the file system.</summary>
    public Func<string, bool>? FileExists { get; init; }
}
