using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeGw.Telemetry;

/// <summary>Hints to the processor, where it has them.</summary>
internal static class CacheLines
{
    private const int Size = 64;

    /// <summary>Begins to fetch an object's first lines. Nothing is read: an object that the collector moves meanwhile is a hint wasted.</summary>
    public static unsafe void Prefetch(object? target, int lines)
    {
        if (!Sse.IsSupported || target is null)
        {
            return;
        }
        var address = *(byte**)Unsafe.AsPointer(ref target);
        for (var i = 0; i < lines; i++)
        {
            Sse.Prefetch0(address + (i * Size));
        }
    }
}
