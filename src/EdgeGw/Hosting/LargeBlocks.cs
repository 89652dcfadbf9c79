using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeGw.Hosting;

/// <summary>A bounded number of large, pinned blocks, which the connections of a server have for as long as bytes stand in them: mostly for one receive.</summary>
/// <remarks>
/// The block that was returned last is handed out first: it is still in the processor's cache. What callers could make the gateway hold by sending half of
/// something is bounded by the number: beyond it the server has its own small blocks.
/// </remarks>
internal sealed class LargeBlocks(int size, int most)
{
    private readonly Lock _lock = new();
    private readonly Stack<Block> _free = new();
    private int _made;

    /// <summary>Blocks that exist, in use or not.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _made;
            }
        }
    }

    /// <summary>Null: all are in use.</summary>
    public IMemoryOwner<byte>? TryRent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var block))
            {
                block.IsRented = true;
                return block;
            }
            if (_made == most)
            {
                return null;
            }
            _made++;
        }
        return new Block(this, size);
    }

    /// <summary>Leaves the blocks that are not in use to the collector.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            _made -= _free.Count;
            _free.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            // Returned twice, it would be handed out twice, and one caller's bytes would stand in another's.
            if (block.IsRented)
            {
                block.IsRented = false;
                _free.Push(block);
            }
        }
    }

    private sealed class Block(LargeBlocks owner, int size) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);

        public bool IsRented { get; set; } = true;

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, _bytes.Length);

        public void Dispose() => owner.Return(this);
    }
}
