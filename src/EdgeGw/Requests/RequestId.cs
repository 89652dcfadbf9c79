using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeGw.Requests;

/// <summary>Makes UUIDv7 (RFC 9562, 5.7): milliseconds since 1970, then 74 bits that nobody can guess.</summary>
/// <remarks>Random bytes are fetched for many ids at once, per thread: the framework asks the kernel for each id.</remarks>
internal static class RequestId
{
    private const int RandomBytes = 10;
    private const int IdsPerFill = 128;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    public static Guid New(DateTimeOffset time)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        Take(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }

    private static void Take(Span<byte> destination)
    {
        if (_random is null || _used == _random.Length)
        {
            _random ??= new byte[IdsPerFill * RandomBytes];
            RandomNumberGenerator.Fill(_random);
            _used = 0;
        }
        _random.AsSpan(_used, RandomBytes).CopyTo(destination);
        _used += RandomBytes;
    }
}
