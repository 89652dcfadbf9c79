namespace EdgeGw.Configuration;

/// <summary>What a budget or a limit may be split by: a property of the caller, of the target, or a label.</summary>
/// <param name="Label">The metadata key; null for all others.</param>
public readonly record struct CallDimension(CallDimensionKind Kind, string? Label = null)
{
    public static readonly CallDimension User = new(CallDimensionKind.User);
    public static readonly CallDimension Email = new(CallDimensionKind.Email);
    public static readonly CallDimension Group = new(CallDimensionKind.Group);
    public static readonly CallDimension Service = new(CallDimensionKind.Service);
    public static readonly CallDimension Key = new(CallDimensionKind.Key);
    public static readonly CallDimension Model = new(CallDimensionKind.Model);
    public static readonly CallDimension Provider = new(CallDimensionKind.Provider);

    public static CallDimension Metadata(string label) => new(CallDimensionKind.Metadata, label);

    /// <summary>As configuration and scopes name it: <c>user</c>, <c>metadata.team</c>.</summary>
    public string Name => Label is null ? Kind.ToString().ToLowerInvariant() : "metadata." + Label;
}

/// <summary>The kinds of dimension.</summary>
public enum CallDimensionKind : byte
{
    User,
    Email,
    /// <summary>Each of the caller's groups: a member of two is held on two slots.</summary>
    Group,
    Service,
    Key,
    Model,
    Provider,
    Metadata,
}
