using System.Buffers;
using EdgeGw.Hosting;

namespace EdgeGw.Tests.Hosting;

public sealed class LargeBlocksTests : IDisposable
{
    private const int Size = 8192;
    private const int Most = 3;

    private readonly LargeBlocks _blocks = new(Size, Most);
    private readonly CountingPool _rest = new();
    private readonly LargeBlockPool _pool;

    public LargeBlocksTests() => _pool = new LargeBlockPool(_blocks, _rest);

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(CountingPool.Size)]
    public void Whatever_is_asked_for_is_had_in_a_large_block(int wanted)
    {
        using var block = _pool.Rent(wanted);

        Assert.Equal(Size, block.Memory.Length);
        Assert.Equal(0, _rest.Rented);
    }

    [Fact]
    public void Servers_own_bound_of_what_can_be_asked_for_stays()
    {
        Assert.Equal(CountingPool.Size, _pool.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(CountingPool.Size + 1));
        Assert.Equal(0, _blocks.Count);
    }

    [Fact]
    public void When_all_large_blocks_are_in_use_the_servers_own_are_had()
    {
        var large = Enumerable.Range(0, Most).Select(_ => _pool.Rent()).ToList();
        using var own = _pool.Rent();
        Assert.Equal((CountingPool.Size, 1), (own.Memory.Length, _rest.Rented));

        large[1].Dispose();
        using var again = _pool.Rent();
        Assert.Equal((Size, 1), (again.Memory.Length, _rest.Rented));
        Assert.Equal(Most, _blocks.Count);
    }

    [Fact]
    public void Block_returned_last_is_had_first()
    {
        var (first, last) = (_pool.Rent(), _pool.Rent());
        first.Dispose();
        last.Dispose();

        Assert.Same(last, _pool.Rent());
        Assert.Same(first, _pool.Rent());
    }

    [Fact]
    public void Block_returned_twice_is_had_once()
    {
        var block = _pool.Rent();
        block.Dispose();
        block.Dispose();

        Assert.NotSame(_pool.Rent(), _pool.Rent());
    }

    [Fact]
    public void Block_is_pinned()
    {
        using var block = _pool.Rent();
        using var pin = block.Memory.Pin();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        using var after = block.Memory.Pin();

        unsafe
        {
            Assert.True(pin.Pointer == after.Pointer);
        }
    }

    [Fact]
    public void After_a_burst_what_is_not_in_use_is_given_up()
    {
        var kept = _pool.Rent();
        _pool.Rent().Dispose();
        _pool.Rent().Dispose();
        Assert.Equal(2, _blocks.Count);

        _blocks.Trim();
        Assert.Equal(1, _blocks.Count);

        kept.Dispose();
        Assert.Same(kept, _pool.Rent());
    }

    [Fact]
    public void Trimmed_blocks_leave_room_for_as_many_new_ones()
    {
        Enumerable.Range(0, Most).Select(_ => _pool.Rent()).ToList().ForEach(block => block.Dispose());
        _blocks.Trim();

        Assert.All(Enumerable.Range(0, Most), _ => Assert.Equal(Size, _pool.Rent().Memory.Length));
        Assert.Equal(CountingPool.Size, _pool.Rent().Memory.Length);
    }

    [Fact]
    public void Pools_may_share_their_large_blocks()
    {
        using var other = new LargeBlockPool(_blocks, new CountingPool());
        var block = other.Rent();
        block.Dispose();

        Assert.Same(block, _pool.Rent());
    }

    [Fact]
    public void Disposing_the_pool_disposes_the_servers_own()
    {
        var block = _pool.Rent();
        _pool.Dispose();
        Assert.True(_rest.IsDisposed);

        block.Dispose();
        Assert.Equal(1, _blocks.Count);
    }

    [Fact]
    public async Task Blocks_of_many_threads_are_nobody_elses()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(mark => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                using var block = _pool.Rent();
                block.Memory.Span[..64].Fill((byte)mark);
                Assert.False(block.Memory.Span[..64].ContainsAnyExcept((byte)mark));
            }
        })));

        Assert.InRange(_blocks.Count, 1, Most);
    }

    private sealed class CountingPool : MemoryPool<byte>
    {
        public const int Size = 4096;
        private int _rented;

        public int Rented => _rented;

        public bool IsDisposed { get; private set; }

        public override int MaxBufferSize => Size;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
            Interlocked.Increment(ref _rented);
            return new Own();
        }

        protected override void Dispose(bool disposing) => IsDisposed = true;

        private sealed class Own : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[Size];

            public void Dispose()
            {
            }
        }
    }
}
