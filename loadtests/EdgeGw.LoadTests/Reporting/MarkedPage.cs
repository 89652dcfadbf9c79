namespace EdgeGw.LoadTests.Reporting;

/// <summary>A Markdown page of which one part, between two comments, is made by the lab.</summary>
internal static class MarkedPage
{
    private const string Begin = "<!-- lab:begin -->";
    private const string End = "<!-- lab:end -->";

    /// <exception cref="InvalidDataException">The page has no such part.</exception>
    public static void Replace(string path, string text)
    {
        var page = File.ReadAllText(path);
        var from = page.IndexOf(Begin, StringComparison.Ordinal);
        var to = page.IndexOf(End, StringComparison.Ordinal);
        if (from < 0 || to < from)
        {
            throw new InvalidDataException($"{path} has no part between {Begin} and {End}");
        }
        File.WriteAllText(path, $"{page[..(from + Begin.Length)]}\n{text.Trim()}\n{page[to..]}");
    }
}
