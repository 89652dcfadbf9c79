using System.Text.RegularExpressions;

namespace EdgeGw.Policy.Import;

/// <summary>Whose bucket a call falls into: a text with fields in braces. Calls that lack one of them are in none.</summary>
/// <param name="Fields">Those in the braces that are known here.</param>
/// <param name="Unknown">The first that is not; null: all are.</param>
internal sealed partial record CloudflareActor(string Template, IReadOnlyList<CelField> Fields, string? Unknown)
{
    public static CloudflareActor Of(string template)
    {
        var fields = new List<CelField>();
        string? unknown = null;
        foreach (var hole in Hole().Matches(template).Select(static match => match.Groups[1].Value.Trim()))
        {
            if (CelField.OfPath(hole.Split('.')) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                unknown ??= hole;
            }
        }
        if (unknown is null && Hole().Replace(template, "").AsSpan().IndexOfAny('{', '}') >= 0)
        {
            unknown = template;
        }
        return new CloudflareActor(template, [.. fields.Distinct()], unknown);
    }

    /// <summary>What splits a budget as the braces do; null where a budget cannot be split so.</summary>
    public IReadOnlyList<string>? Dimensions()
    {
        var dimensions = Fields.Select(static field => field.Kind switch
        {
            CelFieldKind.User => "user",
            CelFieldKind.Email => "email",
            CelFieldKind.Label => "metadata." + field.Name,
            _ => null,
        }).OfType<string>().ToArray();
        return Unknown is null && dimensions.Length == Fields.Count ? dimensions : null;
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();
}
