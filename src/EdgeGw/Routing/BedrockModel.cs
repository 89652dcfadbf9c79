namespace EdgeGw.Routing;

/// <summary>The model in a Bedrock path: a name, a profile's name with its region (<c>eu.anthropic.…</c>), or an ARN.</summary>
internal static class BedrockModel
{
    private static readonly string[] Named = [":foundation-model/", ":inference-profile/"];

    /// <summary>An ARN of a model or of AWS's own profile ends in that name, by which it is priced; those of an account's own resources hide it and stay whole.</summary>
    public static string NameOf(ReadOnlySpan<char> id)
    {
        if (id.StartsWith("arn:", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var resource in Named)
            {
                if (id.IndexOf(resource, StringComparison.Ordinal) is >= 0 and var at && at + resource.Length < id.Length)
                {
                    return id[(at + resource.Length)..].ToString();
                }
            }
        }
        return id.ToString();
    }
}
