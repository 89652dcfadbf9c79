namespace EdgeGw.Storage.CrashWriter;

/// <summary>Small sizes, so that tests cross pages and segments often.</summary>
public static class JournalOf
{
    public static JournalOptions SmallOptions { get; } = new()
    {
        PageBytes = 4096,
        MemoryPages = 32,
        SegmentBytes = 64 << 10,
        MinimumFreeBytes = 0,
    };
}
