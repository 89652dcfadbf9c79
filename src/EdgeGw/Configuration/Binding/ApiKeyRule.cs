namespace EdgeGw.Configuration.Binding;

/// <summary>What may go into a credential's header. Messages never quote the key.</summary>
internal static class ApiKeyRule
{
    private const int LongestKey = 8192;

    /// <summary>Null when the key is fine.</summary>
    public static string? Check(string key)
    {
        if (key.Length == 0)
        {
            return "is empty; leave \"api_key\" out to call without one";
        }
        if (key.Length > LongestKey)
        {
            return $"is longer than {LongestKey} characters";
        }
        // A key read from a file often brings its line break along; in a header that would be an injection.
        return key.All(c => c is > ' ' and < '\x7f') ? null : "holds a space, a line break or a character beyond ASCII";
    }
}
