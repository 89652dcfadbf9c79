namespace EdgeGw.Upstream.Aws;

/// <summary>Reads a token or a credentials file.</summary>
internal static class SmallFile
{
    private const int Longest = 256 * 1024;

    /// <summary>The text without the white space around it, or why there is none.</summary>
    public static async Task<(string? Text, string? Fault)> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path).Length > Longest)
            {
                return (null, $"{path} is too large");
            }
            var text = (await File.ReadAllTextAsync(path, cancellation)).Trim();
            return text.Length == 0 ? (null, $"{path} is empty") : (text, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read");
        }
    }
}
