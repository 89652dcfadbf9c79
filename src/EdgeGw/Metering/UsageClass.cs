using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGw.Metering;

/// <summary>The classes of <see cref="Usage"/> as a list, so that records, metrics, rollups and the codec cannot disagree on names or forget one.</summary>
/// <remarks>The order is that of the binary record and of the properties of <see cref="Usage"/>: append only.</remarks>
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

    /// <summary>All counts, in order.</summary>
    internal static Span<long> Mutable(ref Usage usage) => MemoryMarshal.CreateSpan(ref Unsafe.As<Usage, long>(ref usage), Count);

    /// <inheritdoc cref="Mutable"/>
    internal static ReadOnlySpan<long> Of(in Usage usage) => Mutable(ref Unsafe.AsRef(in usage));

    /// <summary>Exact sums up to the largest 64-bit number, which only a provider that lies can reach; it must not be able to stop the gateway.</summary>
    internal static void Add(ref Usage sums, in Usage usage)
    {
        var totals = Mutable(ref sums);
        var counts = Of(in usage);
        for (var index = 0; index < totals.Length; index++)
        {
            var count = counts[index];
            if (count == 0)
            {
                continue;
            }
            var total = totals[index];
            var sum = unchecked(total + count);
            // Overflow: both have the sign that the sum lacks.
            totals[index] = ((total ^ sum) & (count ^ sum)) >= 0 ? sum : count > 0 ? long.MaxValue : long.MinValue;
        }
    }
}
