namespace EdgeGw.Tests;

/// <summary>What code allocates.</summary>
internal static class Allocations
{
    public const int Runs = 5;

    /// <summary>Bytes that every run of it allocates on this thread, which is less than a first one may.</summary>
    /// <remarks>The runtime allocates for itself now and then, when it replaces a method by a faster form of it: code that allocates does so each time.</remarks>
    public static long OfEach(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
