using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>The text that names a slot of a budget: the value of its dimension, or <c>user=ann,model=gpt-4o</c> where there are several.</summary>
internal static class BudgetScope
{
    /// <summary>The caller without a key, where a budget is split by keys.</summary>
    private const string NoKey = "anonymous";

    /// <summary>The scopes that a call falls into: one, or one for each of its groups; none where it lacks a value.</summary>
    public static void AddTo(List<string> scopes, IReadOnlyList<BudgetDimension> dimensions, in BudgetSubject subject)
    {
        if (dimensions.Count == 1 && dimensions[0].Kind != BudgetDimensionKind.Group)
        {
            if (ValueOf(dimensions[0], subject) is { } value)
            {
                scopes.Add(value);
            }
            return;
        }
        Add(scopes, dimensions, subject, 0, "");
    }

    private static void Add(List<string> scopes, IReadOnlyList<BudgetDimension> dimensions, in BudgetSubject subject, int index, string before)
    {
        if (index == dimensions.Count)
        {
            scopes.Add(before);
            return;
        }
        var dimension = dimensions[index];
        if (dimension.Kind != BudgetDimensionKind.Group)
        {
            if (ValueOf(dimension, subject) is { } value)
            {
                Add(scopes, dimensions, subject, index + 1, Join(before, dimension, value, dimensions.Count));
            }
            return;
        }
        foreach (var group in subject.Principal.Groups.Distinct(StringComparer.Ordinal))
        {
            Add(scopes, dimensions, subject, index + 1, Join(before, dimension, group, dimensions.Count));
        }
    }

    /// <summary>Escaped, so that no choice of values makes the scope of others.</summary>
    private static string Join(string before, BudgetDimension dimension, string value, int count) => count == 1
        ? value
        : $"{before}{(before.Length > 0 ? "," : "")}{dimension.Name}={value.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)}";

    private static string? ValueOf(BudgetDimension dimension, in BudgetSubject subject) => dimension.Kind switch
    {
        BudgetDimensionKind.User => subject.Principal.User,
        BudgetDimensionKind.Email => subject.Principal.Email,
        BudgetDimensionKind.Service => subject.Principal.Service,
        BudgetDimensionKind.Key => subject.Principal.KeyName ?? NoKey,
        BudgetDimensionKind.Model => subject.Model,
        BudgetDimensionKind.Provider => subject.Provider,
        _ => subject.Label(dimension.Label!),
    };
}
