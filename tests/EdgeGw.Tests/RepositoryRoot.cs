namespace EdgeGw.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeGw.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of a checkout.");
        }
        return folder.FullName;
    }
}
