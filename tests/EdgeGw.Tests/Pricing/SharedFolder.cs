namespace EdgeGw.Tests.Pricing;

/// <summary>Test data that lives beside the repository and is not part of it.</summary>
internal static class SharedFolder
{
    /// <summary>The folder, or null (with a line on the console) where it is absent.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGw.sln")))
            {
                var shared = Path.Combine(folder.FullName, "..", "shared");
                if (Directory.Exists(shared))
                {
                    return shared;
                }
                break;
            }
        }
        Console.WriteLine("Skipped: there is no folder 'shared' beside the repository.");
        return null;
    }
}
