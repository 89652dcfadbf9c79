namespace EdgeGw.Metering;

/// <summary>The classes of <see cref="Usage"/> as a list, so that records, metrics, rollups and the codec cannot disagree on names or forget one.</summary>
/// <remarks>The order is that of the binary record: append only.</remarks>
internal static class UsageClass
{
    internal const int Count = 19;

    /// <summary>The first so many classes are tokens, the rest are counted extras.</summary>
    internal const int TokenCount = 11;

    internal static readonly string[] Names =
    [
        "input", "cached_input", "cache_write", "cache_write_1h", "audio_input", "image_input", "tool_input",
        "output", "reasoning", "audio_output", "image_output",
        "web_searches", "search_units", "images", "seconds", "characters", "pages", "file_searches", "containers",
    ];

    internal static long Get(in Usage usage, int index) => index switch
    {
        0 => usage.Input,
        1 => usage.CachedInput,
        2 => usage.CacheWrite,
        3 => usage.CacheWrite1h,
        4 => usage.AudioInput,
        5 => usage.ImageInput,
        6 => usage.ToolInput,
        7 => usage.Output,
        8 => usage.Reasoning,
        9 => usage.AudioOutput,
        10 => usage.ImageOutput,
        11 => usage.WebSearches,
        12 => usage.SearchUnits,
        13 => usage.Images,
        14 => usage.Seconds,
        15 => usage.Characters,
        16 => usage.Pages,
        17 => usage.FileSearches,
        18 => usage.Containers,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    internal static void Set(ref Usage usage, int index, long value)
    {
        switch (index)
        {
            case 0: usage.Input = value; break;
            case 1: usage.CachedInput = value; break;
            case 2: usage.CacheWrite = value; break;
            case 3: usage.CacheWrite1h = value; break;
            case 4: usage.AudioInput = value; break;
            case 5: usage.ImageInput = value; break;
            case 6: usage.ToolInput = value; break;
            case 7: usage.Output = value; break;
            case 8: usage.Reasoning = value; break;
            case 9: usage.AudioOutput = value; break;
            case 10: usage.ImageOutput = value; break;
            case 11: usage.WebSearches = value; break;
            case 12: usage.SearchUnits = value; break;
            case 13: usage.Images = value; break;
            case 14: usage.Seconds = value; break;
            case 15: usage.Characters = value; break;
            case 16: usage.Pages = value; break;
            case 17: usage.FileSearches = value; break;
            case 18: usage.Containers = value; break;
            default: throw new ArgumentOutOfRangeException(nameof(index));
        }
    }
}
