using System.Buffers;

namespace EdgeGw.Hosting;

/// <summary>A server's pool with <see cref="LargeBlocks"/> in front of it: while there are any, whoever asks for memory gets more of it than it asked for.</summary>
/// <param name="blocks">May be shared by several pools.</param>
/// <param name="rest">What there is when all large blocks are in use; owned.</param>
internal sealed class LargeBlockPool(LargeBlocks blocks, MemoryPool<byte> rest) : MemoryPool<byte>
{
    /// <summary>That of the rest: it is what can always be had.</summary>
    public override int MaxBufferSize => rest.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        (minBufferSize <= rest.MaxBufferSize ? blocks.TryRent() : null) ?? rest.Rent(minBufferSize);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }
    }
}
