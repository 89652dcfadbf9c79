namespace EdgeGw.FunctionalTests;

/// <summary>Where the repository lies, found from the test binary upwards.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGw.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"No EdgeGw.sln above {AppContext.BaseDirectory}.");
    }
}
