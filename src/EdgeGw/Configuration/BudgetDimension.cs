namespace EdgeGw.Configuration;

/// <summary>What a budget may be split by: a property of the caller, of the target, or a label.</summary>
/// <param name="Label">The metadata key; null for all others.</param>
public readonly record struct BudgetDimension(BudgetDimensionKind Kind, string? Label = null)
{
    public static readonly BudgetDimension User = new(BudgetDimensionKind.User);
    public static readonly BudgetDimension Email = new(BudgetDimensionKind.Email);
    public static readonly BudgetDimension Group = new(BudgetDimensionKind.Group);
    public static readonly BudgetDimension Service = new(BudgetDimensionKind.Service);
    public static readonly BudgetDimension Key = new(BudgetDimensionKind.Key);
    public static readonly BudgetDimension Model = new(BudgetDimensionKind.Model);
    public static readonly BudgetDimension Provider = new(BudgetDimensionKind.Provider);

    public static BudgetDimension Metadata(string label) => new(BudgetDimensionKind.Metadata, label);

    /// <summary>As configuration and scopes name it: <c>user</c>, <c>metadata.team</c>.</summary>
    public string Name => Label is null ? Kind.ToString().ToLowerInvariant() : "metadata." + Label;
}

/// <summary>The kinds of dimension.</summary>
public enum BudgetDimensionKind : byte
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
