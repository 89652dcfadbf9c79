using System.Runtime.InteropServices;

namespace EdgeGw.Metering;

/// <summary>What one answer used, by token class. Counts are tokens unless the name says otherwise; zero means none or not reported.</summary>
/// <remarks>
/// <see cref="Input"/> is all input processed and <see cref="Output"/> everything billed as output, whichever way the provider nests
/// its own fields; the other token classes are parts of these two. Each dialect's meter does the mapping. Counts alone, in the order of <see cref="UsageClass"/>, which reads them as a list.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public record struct Usage
{
    public long Input { get; set; }
    public long CachedInput { get; set; }
    /// <summary>Input written to the provider's prompt cache, any lifetime.</summary>
    public long CacheWrite { get; set; }
    /// <summary>The part of <see cref="CacheWrite"/> with a one-hour lifetime (Anthropic prices it apart).</summary>
    public long CacheWrite1h { get; set; }
    public long AudioInput { get; set; }
    public long ImageInput { get; set; }
    public long ToolInput { get; set; }
    public long Output { get; set; }
    public long Reasoning { get; set; }
    public long AudioOutput { get; set; }
    public long ImageOutput { get; set; }

    public long WebSearches { get; set; }
    public long SearchUnits { get; set; }
    public long Images { get; set; }
    /// <summary>Seconds of audio, rounded up.</summary>
    public long Seconds { get; set; }
    public long Characters { get; set; }
    /// <summary>Pages of documents that were read (OCR).</summary>
    public long Pages { get; set; }
    /// <summary>Searches in the caller's own stored files.</summary>
    public long FileSearches { get; set; }
    /// <summary>Sandboxes in which the provider ran code.</summary>
    public long Containers { get; set; }

    public readonly bool IsEmpty => this == default;
}
