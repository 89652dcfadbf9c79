using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>The list under <c>per</c>.</summary>
internal static class CallDimensionsBinder
{
    public static List<CallDimension> Bind(ConfigValue? value)
    {
        var dimensions = new List<CallDimension>();
        foreach (var item in value?.Items() ?? [])
        {
            var dimension = item.Node.Text.StartsWith("metadata.", StringComparison.Ordinal) && item.Node.Text.Length > "metadata.".Length
                ? CallDimension.Metadata(item.Node.Text["metadata.".Length..])
                : item.OneOf("dimension",
                    [
                        ("key", CallDimension.Key), ("user", CallDimension.User), ("email", CallDimension.Email), ("group", CallDimension.Group),
                        ("service", CallDimension.Service), ("model", CallDimension.Model), ("provider", CallDimension.Provider),
                    ], "route", "environment");
            if (dimension is { } known)
            {
                if (dimensions.Contains(known))
                {
                    item.Fault($"{item.Shown} stands here twice");
                }
                dimensions.Add(known);
            }
        }
        return dimensions;
    }
}
