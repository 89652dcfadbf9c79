namespace EdgeGw.Telemetry.Metrics;

/// <summary>How one number is spread over several cells, so that cores that record at once do not fight over a cache line.</summary>
internal static class Stripes
{
    /// <summary>Longs between two stripes: two lines of 64 bytes, because the prefetcher fetches lines in pairs.</summary>
    internal const int Padding = 16;

    /// <summary>A power of two; capped, because a series costs this many lines and reading it sums them.</summary>
    internal static readonly int Count = (int)Math.Min(8, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount));

    internal static int Current => Thread.GetCurrentProcessorId() & (Count - 1);

    /// <summary>Longs per stripe for so many cells, whole lines.</summary>
    internal static int Width(int cells) => (cells + Padding - 1) / Padding * Padding;

    /// <summary>Cells for all stripes; one stripe's worth of padding in front keeps the array's header off the first line.</summary>
    internal static long[] Allocate(int width) => new long[Padding + (Count * width)];

    internal static int Offset(int stripe, int width) => Padding + (stripe * width);
}
