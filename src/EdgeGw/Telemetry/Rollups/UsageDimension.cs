namespace EdgeGw.Telemetry.Rollups;

/// <summary>What a usage report may be split by.</summary>
public readonly record struct UsageDimension
{
    private const string MetadataPrefix = "metadata.";

    private UsageDimension(Kind kind, string? metadataName = null) => (Dimension, MetadataName) = (kind, metadataName);

    internal enum Kind : byte
    {
        User,
        Email,
        Group,
        Service,
        Key,
        Provider,
        Model,
        Route,
        Dialect,
        Outcome,
        Metadata,
        Hour,
        Day,
        Month,
    }

    /// <summary>All names that <see cref="TryParse"/> takes, for messages.</summary>
    public static string Names => "user, email, group, service, key, provider, model, route, dialect, outcome, metadata.<name>, hour, day, month";

    internal Kind Dimension { get; }

    internal string? MetadataName { get; }

    internal bool IsTime => Dimension is Kind.Hour or Kind.Day or Kind.Month;

    /// <summary>The dimension of that name.</summary>
    public static bool TryParse(string name, out UsageDimension dimension)
    {
        if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal) && name.Length > MetadataPrefix.Length)
        {
            dimension = new(Kind.Metadata, name[MetadataPrefix.Length..]);
            return true;
        }
        Kind? kind = name switch
        {
            "user" => Kind.User,
            "email" => Kind.Email,
            "group" => Kind.Group,
            "service" => Kind.Service,
            "key" => Kind.Key,
            "provider" => Kind.Provider,
            "model" => Kind.Model,
            "route" => Kind.Route,
            "dialect" => Kind.Dialect,
            "outcome" => Kind.Outcome,
            "hour" => Kind.Hour,
            "day" => Kind.Day,
            "month" => Kind.Month,
            _ => null,
        };
        dimension = new(kind.GetValueOrDefault());
        return kind is not null;
    }
}
