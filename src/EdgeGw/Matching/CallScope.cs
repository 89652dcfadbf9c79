using EdgeGw.Configuration;

namespace EdgeGw.Matching;

/// <summary>The text that names a slot of a budget: the value of its dimension, or <c>user=ann,model=gpt-4o</c> where there are several.</summary>
internal static class CallScope
{
    /// <summary>The caller without a key, where a budget is split by keys.</summary>
    private const string NoKey = "anonymous";

    /// <summary>The scopes that a call falls into: one, or one for each of its groups; none where it lacks a value.</summary>
    public static void AddTo(List<string> scopes, IReadOnlyList<CallDimension> dimensions, in CallSubject subject)
    {
        if (dimensions.Count == 1 && dimensions[0].Kind != CallDimensionKind.Group)
        {
            if (ValueOf(dimensions[0], subject) is { } value)
            {
                scopes.Add(value);
            }
            return;
        }
        Add(scopes, dimensions, subject, 0, "");
    }

    private static void Add(List<string> scopes, IReadOnlyList<CallDimension> dimensions, in CallSubject subject, int index, string before)
    {
        if (index == dimensions.Count)
        {
            scopes.Add(before);
            return;
        }
        var dimension = dimensions[index];
        if (dimension.Kind != CallDimensionKind.Group)
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
    private static string Join(string before, CallDimension dimension, string value, int count) => count == 1
        ? value
        : $"{before}{(before.Length > 0 ? "," : "")}{dimension.Name}={value.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)}";

    private static string? ValueOf(CallDimension dimension, in CallSubject subject) => dimension.Kind switch
    {
        CallDimensionKind.User => subject.Principal.User,
        CallDimensionKind.Email => subject.Principal.Email,
        CallDimensionKind.Service => subject.Principal.Service,
        CallDimensionKind.Key => subject.Principal.KeyName ?? NoKey,
        CallDimensionKind.Model => subject.Model,
        CallDimensionKind.Provider => subject.Provider,
        _ => subject.Label(dimension.Label!),
    };
}
