using System.Runtime.InteropServices;

namespace EdgeGw.Telemetry;

/// <summary>Where a byte string stands in a <see cref="ByteArena"/>.</summary>
internal readonly record struct BytePlace(int Offset, int Length);

/// <summary>Many byte strings in one block, and what compares them, so that they may be the keys of a dictionary.</summary>
/// <remarks>
/// For hundreds of thousands of strings that each start reads and hardly anybody asks for: none is an object, neither when it is read nor for each
/// garbage collection after. What leaves the dictionary stays in the block.
/// </remarks>
/// <param name="content">What is in the block from the start. It is never written to.</param>
internal sealed class ByteArena(ReadOnlyMemory<byte> content = default) : IEqualityComparer<BytePlace>, IAlternateEqualityComparer<ReadOnlySpan<byte>, BytePlace>
{
    private const int LeastRoom = 4096;

    // The content is as long as it is, so there is no room to write in it.
    private Memory<byte> _block = MemoryMarshal.AsMemory(content);

    internal int Used { get; private set; } = content.Length;

    /// <summary>All strings so far; places in it stay what they are, whatever is put behind.</summary>
    internal ReadOnlyMemory<byte> Content => _block[..Used];

    internal ReadOnlySpan<byte> this[BytePlace place] => _block.Span.Slice(place.Offset, place.Length);

    /// <summary>What stands from an offset to the end.</summary>
    internal ReadOnlySpan<byte> From(int offset) => _block.Span[offset..Used];

    /// <summary>Puts a string behind the others.</summary>
    public BytePlace Create(ReadOnlySpan<byte> alternate)
    {
        if (_block.Length - Used < alternate.Length)
        {
            var larger = new byte[checked(Math.Max(LeastRoom, 2 * (Used + alternate.Length)))];
            _block[..Used].CopyTo(larger);
            _block = larger;
        }
        var place = new BytePlace(Used, alternate.Length);
        alternate.CopyTo(_block.Span[Used..]);
        Used += alternate.Length;
        return place;
    }

    public bool Equals(BytePlace x, BytePlace y) => x == y || this[x].SequenceEqual(this[y]);

    public bool Equals(ReadOnlySpan<byte> alternate, BytePlace other) => alternate.SequenceEqual(this[other]);

    public int GetHashCode(BytePlace obj) => GetHashCode(this[obj]);

    /// <summary>Seeded anew by each process: callers choose some of what stands in such strings.</summary>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
