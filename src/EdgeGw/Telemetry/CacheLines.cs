using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeGw.Telemetry;

/// <summary>Hints to the processor, where it has them.</summary>
internal static class CacheLines
{
    private const int Size = 64;

    /// <summary>Begins to fetch an object. Nothing is read: an object that the collector moves meanwhile is a hint wasted.</summary>
    /// <param name="bytes">How much of it; wrong ones fetch too much or too little, no more.</param>
    public static unsafe void Prefetch(object? target, int bytes)
    {
        if (!Sse.IsSupported || target is null)
        {
            return;
        }
        var address = *(byte**)Unsafe.AsPointer(ref target);
        for (var offset = 0; offset < bytes; offset += Size)
        {
            Sse.Prefetch0(address + offset);
        }
        // Objects do not begin where lines do.
        Sse.Prefetch0(address + bytes - 1);
    }
}
